// What options of several commands have in common.
import { z } from 'zod'

export const text: z.ZodString = z.string().min(1)
export const optionalText: z.ZodOptional<z.ZodString> = text.optional()
/** Typed as text: --port 4001. */
export const wholeNumber: z.ZodType<number, string> = z
  .string()
  .regex(/^\d{1,15}$/, 'is no whole number')
  .transform(Number)
export const flag: z.ZodDefault<z.ZodBoolean> = z.boolean().default(false)
export const list: z.ZodDefault<z.ZodArray<z.ZodString>> = z.array(z.string()).default([])
