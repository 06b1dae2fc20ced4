import * as z from 'zod';

/** Apart from the contract: figures are filtered by division without knowing competitors' routes. */

export const DIVISIONS = ['middle_school', 'high_school', 'college'] as const;
export const divisionSchema = z.enum(DIVISIONS);
