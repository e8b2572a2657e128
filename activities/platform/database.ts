/** The database as an instance of Amazon RDS: its name there, its classes and what they cost. Its address is a variable. */

import { z } from 'zod';

const instanceClass = z.string().regex(/^db\.[a-z0-9-]+\.[a-z0-9]+$/, 'is a class of RDS, such as db.r6g.large');

export const database = z
  .strictObject({
    instance: z.string().min(1).max(63).describe('The DB instance identifier in RDS'),
    classes: z.array(instanceClass).default([]).describe('The classes that it may have, from the smallest to the largest'),
    prices: z
      .strictObject({
        currency: z.string().length(3),
        perHour: z.record(instanceClass, z.number().positive()),
        asOf: z.iso.date().describe('When someone read them on the bill or on the price list'),
      })
      .optional()
      .describe('What an hour of a class costs, standby included; a class without a price is unknown'),
  })
  .optional()
  .describe('Absent where the database is no instance of RDS');
