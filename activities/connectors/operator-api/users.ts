/** The users of the platform. They live in the memory of each process: a restart forgets who is locked. */

import { z } from 'zod';
import { type Calls, name, optional, time } from './calls.ts';

export const userStatuses = ['active', 'locked', 'suspended'] as const;
export type UserStatus = (typeof userStatuses)[number];

export interface PlatformUser {
  id: string;
  email: string;
  tier: string;
  status: UserStatus;
  /** RFC 3339. */
  lockedUntil: string | undefined;
  passwordResetRequired: boolean;
  /** RFC 3339. */
  lastLogin: string | undefined;
}

export interface UserChange {
  status?: UserStatus | undefined;
  passwordResetRequired?: boolean | undefined;
}

/** Every call throws SystemError. */
export interface Users {
  page: (asked: { limit: number; offset: number }) => Promise<{ users: PlatformUser[]; total: number }>;
  /** 404 where there is no such user. */
  set: (id: string, change: UserChange) => Promise<void>;
}

const user = z
  .looseObject({
    id: name,
    email: name,
    tier: name,
    status: z.enum(userStatuses),
    locked_until: optional(time),
    password_reset_required: z.boolean(),
    last_login: optional(time),
  })
  .transform(
    ({ id, email, tier, status, locked_until, password_reset_required, last_login }): PlatformUser => ({
      id,
      email,
      tier,
      status,
      lockedUntil: locked_until,
      passwordResetRequired: password_reset_required,
      lastLogin: last_login,
    }),
  );
const page = z.looseObject({ users: z.array(user).max(100), total: z.int().min(0) });

export const usersOf = ({ offered, write }: Calls): Users => ({
  page: asked => offered(page, '/api/v1/users', asked),
  set: (id, { status, passwordResetRequired }) =>
    write('PUT', `/api/v1/users/${encodeURIComponent(id)}`, {
      body: { status, password_reset_required: passwordResetRequired },
    }),
});
