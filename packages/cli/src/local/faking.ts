// A kind of work that puts out something else than it found, every so often: for contributors that fake.
import type { Kind, OpenJob } from '@piecework/work'

export function faking(kind: Kind, every: number): Kind {
  let done = 0
  return {
    ...kind,
    open(spec): OpenJob {
      const job = kind.open(spec)
      const { perform } = job
      if (perform === undefined) return job
      return {
        ...job,
        async perform(index, context) {
          const output = await perform(index, context)
          const isFaked = done % every === 0
          done += 1
          return isFaked ? faked(output) : output
        },
      }
    },
  }
}

/** Of the same form and worth the same, but wrong. */
function faked(output: Uint8Array): Uint8Array {
  const last = Math.max(0, output.length - 2)
  return output.with(last, (output[last] ?? 0) ^ 1)
}
