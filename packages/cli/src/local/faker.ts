// The contributor that fakes: the same node as everybody's, whose kinds of work put out something else every fifth time.
import { runAltered } from './altered.ts'
import { faking } from './faking.ts'

const EVERY = 5

const [folder = 'node'] = process.argv.slice(2)
await runAltered({
  folder,
  overrides: async () => {
    const { Kinds } = await import('@piecework/work')
    const { installedKinds } = await import('../common/kinds.ts')
    return { kinds: new Kinds((await installedKinds()).all.map((kind) => faking(kind, EVERY))) }
  },
})
