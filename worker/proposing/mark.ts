/** A field of a proposed description that people must look at. */

export interface Mark {
  /** Path in the description, as the doctor names it. */
  field: string;
  /** `missing`: neither the cluster nor Prometheus has it, what stands there only makes the file valid. `confirm`: read, but not for certain. */
  is: 'missing' | 'confirm';
  text: string;
}

export const missing = (field: string, text: string): Mark => ({ field, is: 'missing', text });
export const confirm = (field: string, text: string): Mark => ({ field, is: 'confirm', text });
