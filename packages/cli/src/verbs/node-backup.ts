// node backup, node restore: what a machine can't lose in one file, and back onto another machine. The node's key is a
// file already: whoever has both can go on with its bond.
import { resolve } from 'node:path'
import { bytesOf, parseAddress, untouchedFrom } from '@piecework/chain'
import type { NodeConfig } from '@piecework/node'
import { readBackupFile, restoreStore, writeBackupFile } from '@piecework/store'
import { z } from 'zod'
import { openChain, stateOf } from '../common/chain.ts'
import { fromBase, readDaemonConfig } from '../common/daemon-config.ts'
import { isThere } from '../common/files.ts'
import { text } from '../common/input.ts'
import type { Context } from '../context.ts'
import { CliError } from '../errors.ts'
import { defineVerb, type Verb } from '../verb.ts'

const FOLDER = { flags: '--folder <folder>', about: 'of the node (node)' } as const
const input: z.ZodType<Asked> = z.object({ file: text, folder: text.default('node') })

interface Asked {
  readonly file: string
  readonly folder: string
}

async function configOf(context: Context, { folder }: Asked): Promise<NodeConfig> {
  const { nodeConfig } = await import('@piecework/node')
  const { config, base } = await readDaemonConfig(context, {
    daemon: 'node',
    schema: nodeConfig,
    where: folder,
  })
  return fromBase(base, config, ['folder'])
}

export const backup: Verb = defineVerb({
  words: 'backup <file>',
  about: 'what a node that is stopped can not lose, in one file: its receipts, and what its key has signed',
  options: [FOLDER],
  examples: ['piecework node backup node.backup'],
  input,
  async run(context, asked) {
    const file = resolve(context.io.folder, asked.file)
    if (await isThere(file))
      throw new CliError('usage', `${file} is there already, and is kept: name another.`)
    const { openNodeStore } = await import('@piecework/node')
    const store = await openNodeStore(await configOf(context, asked))
    try {
      await writeBackupFile(file, store.backup(0))
    } finally {
      await store.close()
    }
    context.print({ file }, [`${file} is written. Keep it with the key of the node, which is not in it.`])
  },
})

export const restore: Verb = defineVerb({
  words: 'restore <file>',
  about: 'such a file into the folder of a node that was set up anew with the same key',
  options: [FOLDER],
  examples: ['piecework node restore node.backup --folder node'],
  input,
  async run(context, asked) {
    const config = await configOf(context, asked)
    const chain = await openChain(context, config)
    try {
      const { network } = await stateOf(chain)
      // In those under way the lost machine may have signed after the backup.
      const signFromEpoch = untouchedFrom(network)
      const { nodeStoreFolder } = await import('@piecework/node')
      const networkId = bytesOf(parseAddress(config.network))
      const file = readBackupFile(resolve(context.io.folder, asked.file))
      await restoreStore(nodeStoreFolder(config), { networkId, backup: file, signFromEpoch })
      context.print({ signFromEpoch }, [
        `Restored. It signs again from epoch ${signFromEpoch} on: in those before, the lost machine may have signed.`,
      ])
    } finally {
      await chain.stop()
    }
  },
})
