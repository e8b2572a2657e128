import {
  BinaryPayloadConverter,
  CompositePayloadConverter,
  encodingKeys,
  METADATA_ENCODING_KEY,
  type Payload,
  type PayloadConverterWithEncoding,
  UndefinedPayloadConverter,
} from '@temporalio/common';
import type { Malformed } from './names.ts';
import { unreadable } from './pasted.ts';

const [writer, reader] = [new TextEncoder(), new TextDecoder()];

/** JSON as Temporal's own converter writes it; that one encodes each character in JavaScript. */
const json: PayloadConverterWithEncoding = {
  encodingType: 'json/plain',
  toPayload: value => ({
    metadata: { [METADATA_ENCODING_KEY]: encodingKeys.METADATA_ENCODING_JSON },
    data: writer.encode(JSON.stringify(value)),
  }),
  fromPayload: <T>({ data }: Payload): T => JSON.parse(reader.decode(data ?? undefined)) as T,
};

/**
 * Never throws on the way in: what cannot be read arrives as `{ malformed }`, for a handler to refuse.
 * The SDK decodes a signal before any handler sees it; one that threw would fail every later workflow task.
 */
class TolerantConverter extends CompositePayloadConverter {
  override fromPayload<T>(payload: Payload): T {
    try {
      return super.fromPayload<T>(payload);
    } catch {
      return unreadable(textOf(payload)) satisfies Malformed as T;
    }
  }
}

/** A payload that is not even bytes has no text. */
function textOf({ data }: Payload): string {
  try {
    return reader.decode(data ?? undefined);
  } catch {
    return '';
  }
}

export const payloadConverter = new TolerantConverter(new UndefinedPayloadConverter(), new BinaryPayloadConverter(), json);
