import { aReceipt, done, finding, type Rehearsing } from './rehearsing.ts';

/** The change stands until it is undone, wherever that happens. */
export function standing(): NonNullable<Rehearsing['world']> {
  let isThere = true;
  return {
    standing: () => finding(isThere ? 'faulty' : 'healthy', { standing: isThere ? ['k'] : [] }),
    takeBack: () => {
      isThere = false;
      return done(aReceipt({ note: 'restored', takeBack: undefined }));
    },
  };
}
