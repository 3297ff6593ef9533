// What a lab is told to play, and what came of it: plain data, because the lab is a process of its own.
import { z } from 'zod'
import { type Weather, weatherForm } from './weather.ts'

/** In each chapter the same two jobs are posted, and all of their tasks must be paid. */
export interface Chapter {
  readonly title: string
  readonly weather: Weather
  /** Killed as it begins: the verifier with the least stake. */
  readonly hubDies: boolean
}

export interface Story {
  /** Homes of each sort. */
  readonly open: number
  readonly closed: number
  readonly behindOne: number
  readonly chapters: readonly Chapter[]
}

const count = z.int().min(0)

export const storyForm: z.ZodType<Story> = z.object({
  open: count,
  closed: count,
  behindOne: count,
  chapters: z.array(z.object({ title: z.string(), weather: weatherForm, hubDies: z.boolean() })).min(1),
})

export interface Past {
  readonly title: string
  readonly seconds: number
  /** Rows of the chapter's jobs that were paid, and what was charged for them in smallest units. */
  readonly paidRows: number
  readonly charged: string
  readonly packets: number
  readonly lostPackets: number
}

export interface End {
  readonly chapters: readonly Past[]
  /** Batches that homes signed, and those that every hub holds which lived to the end of their epoch. */
  readonly batches: number
  readonly reached: number
  /** Rows that homes signed, each task of a home once, and rows that were paid to them. */
  readonly signedRows: number
  readonly paidRows: number
  readonly homesPaid: number
  readonly failed: number
  readonly slashed: string
  /** The books add up, and everything earned is claimed. */
  readonly settled: boolean
  /** The newest final epoch. */
  readonly final: number
  /** Daemons that ended by themselves. */
  readonly down: readonly string[]
}

const pastForm = z.object({
  title: z.string(),
  seconds: z.number(),
  paidRows: z.int(),
  charged: z.string(),
  packets: count,
  lostPackets: count,
})

export const endForm: z.ZodType<End> = z.object({
  chapters: z.array(pastForm),
  batches: count,
  reached: count,
  signedRows: count,
  paidRows: count,
  homesPaid: count,
  failed: count,
  slashed: z.string(),
  settled: z.boolean(),
  final: z.int(),
  down: z.array(z.string()),
})
