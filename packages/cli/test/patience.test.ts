import { describe, expect, it } from 'vitest'
import { until } from '../src/common/patience.ts'
import { Context } from '../src/context.ts'
import { CliError } from '../src/errors.ts'
import { ioFor } from './support/io.ts'

/** A clock that goes on only while something waits. */
function waiting(): Context {
  const io = ioFor({ folder: '/' }, [], [])
  let at = 0
  const time = {
    ...io.rpc.time,
    now: () => at,
    wait: async (ms: number) => {
      at += ms
    },
  }
  return new Context({ ...io, rpc: { ...io.rpc, time } }, true)
}

/** Gives these in turn, and the last one ever after. */
function inTurn(...steps: readonly (string | Error | undefined)[]): () => Promise<string | undefined> {
  let next = 0
  return async () => {
    const step = steps[Math.min(next++, steps.length - 1)]
    if (step instanceof Error) throw step
    return step
  }
}

const silent = new CliError('unreachable', 'Nobody answers.')
const patience = { ms: 2_000, what: 'Waiting' }

describe('patience', () => {
  it('waits for a value, through times in which nobody answers', async () => {
    expect(await until(waiting(), patience, inTurn(undefined, silent, undefined, 'there'))).toBe('there')
  })

  it('ends at its deadline, with why nobody answered if that is so', async () => {
    await expect(until(waiting(), patience, inTurn(undefined))).rejects.toMatchObject({ exit: 'notYet' })
    await expect(until(waiting(), patience, inTurn(silent))).rejects.toBe(silent)
  })

  it('does not wait where the answer is no', async () => {
    const no = new CliError('refused', 'There is no such job.')
    await expect(until(waiting(), patience, inTurn(no, 'there'))).rejects.toBe(no)
  })
})
