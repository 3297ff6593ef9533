// node sign-later, verifier sign-later: a key may have signed where its folder does not know of it. What is under way is
// then left alone: two signatures for one place cost a bond, or a part of the stake.
import { untouchedFrom } from '@piecework/chain'
import type { Store } from '@piecework/store'
import { z } from 'zod'
import { openChain, stateOf } from '../common/chain.ts'
import { type DaemonName, fromBase, readDaemonConfig } from '../common/daemon-config.ts'
import { text } from '../common/input.ts'
import type { Place } from '../common/place.ts'
import type { Context } from '../context.ts'
import { defineVerb, type Verb } from '../verb.ts'

interface Stored {
  readonly place: Pick<Place, 'rpc' | 'network' | 'program'>
  readonly open: () => Promise<Store>
}

type Find = (context: Context, where: string) => Promise<Stored>

function verbOf(daemon: DaemonName, find: Find): Verb {
  return defineVerb({
    words: 'sign-later [folder]',
    about: `for a ${daemon} that is stopped, and whose key was used with another folder: sign nothing for what is under way`,
    options: [],
    examples: [`piecework ${daemon} sign-later ${daemon}`],
    input: z.object({ folder: text.default(daemon) }),
    async run(context, { folder }) {
      const { place, open } = await find(context, folder)
      const signFromEpoch = await epochOf(context, place)
      const store = await open()
      try {
        await store.guard.raiseFloor(signFromEpoch)
      } finally {
        await store.close()
      }
      context.print({ signFromEpoch }, [`It signs nothing new for epochs before ${signFromEpoch}.`])
    },
  })
}

async function epochOf(context: Context, place: Stored['place']): Promise<number> {
  const chain = await openChain(context, place)
  try {
    return untouchedFrom((await stateOf(chain)).network)
  } finally {
    await chain.stop()
  }
}

export const nodeSignsLater: Verb = verbOf('node', async (context, where) => {
  const { nodeConfig, openNodeStore } = await import('@piecework/node')
  const { config, base } = await readDaemonConfig(context, { daemon: 'node', schema: nodeConfig, where })
  return { place: config, open: () => openNodeStore(fromBase(base, config, ['folder'])) }
})

export const verifierSignsLater: Verb = verbOf('verifier', async (context, where) => {
  const { openVerifierStore, verifierConfig } = await import('@piecework/verifier')
  const wanted = { daemon: 'verifier', schema: verifierConfig, where } as const
  const { config, base } = await readDaemonConfig(context, wanted)
  return { place: config, open: () => openVerifierStore(fromBase(base, config, ['folder'])) }
})
