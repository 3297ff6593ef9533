// The contributor that fakes: the same node as everybody's, whose kinds of work put out something else every fifth time.
import type { Kind, OpenJob } from '@piecework/work'
import { runAltered } from './altered.ts'

const EVERY = 5

function faking(kind: Kind): Kind {
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
          done += 1
          return done % EVERY === 1 ? faked(output) : output
        },
      }
    },
  }
}

/** Of the same form and worth the same, but wrong. */
function faked(output: Uint8Array): Uint8Array {
  const last = output.length - 2
  return output.with(last, (output[last] ?? 0) ^ 1)
}

const [folder = 'node'] = process.argv.slice(2)
await runAltered({
  folder,
  overrides: async () => {
    const { Kinds } = await import('@piecework/work')
    const { installedKinds } = await import('../common/kinds.ts')
    return { kinds: new Kinds((await installedKinds()).all.map(faking)) }
  },
})
