/** The class of the database at RDS, its record in the artifact store. */

import type { Act, SettingCase } from '../case.ts';

const to =
  (size: string): Act =>
  ({ database }, call) =>
    database.resize({ class: size }, call);

export const resize: SettingCase = {
  is: 'setting',
  name: 'resize',
  to: 'rds',
  stays: true,
  async world({ on: { rds } }) {
    delete rds.becomes;
    Object.assign(rds, { class: 'db.r6g.large', hasStandby: true });
    return {
      act: to('db.r6g.xlarge'),
      otherwise: to('db.r6g.2xlarge'),
      touches: ['/database'],
      meddle: async () => Object.assign(rds, { class: 'db.r6g.2xlarge', becomes: undefined }),
      rests: async () => Object.assign(rds, { hasStandby: false }),
      harmless: async () => Object.assign(rds, { restorableTo: Date.now() }),
    };
  },
};
