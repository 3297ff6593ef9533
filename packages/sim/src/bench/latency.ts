// `bench latency`: the local network as people start it, and how long it takes from the end of a task to tokens that can
// be spent.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { dirname, join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { atLeast, atMost, type Bench, type Measured } from './types.ts'

const EPOCHS = 4
const P95_BAR_S = 30
const FIRST_BAR_S = 45

const MAIN = join(dirname(fileURLToPath(import.meta.resolve('@piecework/cli'))), 'main.ts')

export const bench: Bench = {
  name: 'latency',
  about: `The local network for ${EPOCHS} epochs: from the end of a task to tokens in the wallet.`,
  run: async () => measured(summaryForm.parse(await localNetwork())),
}

/** Without a value nothing was spendable: that is no measurement. */
const summaryForm = z.object({
  paid: z.string(),
  conserved: z.boolean(),
  complete: z.boolean(),
  latencySeconds: z.object({ p50: z.number(), p95: z.number() }),
  firstSpendableSeconds: z.number(),
  results: z.object({ tasks: z.number(), delivered: z.number() }),
})

async function localNetwork(): Promise<unknown> {
  const argv = [MAIN, 'local', 'start', '--epochs', String(EPOCHS), '--json']
  const child = spawn(process.execPath, argv, { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = once(child, 'close')
  const said = (await text(child.stdout)).trim().split('\n')
  await ended
  return JSON.parse(said.at(-1) ?? '')
}

function measured({
  paid,
  conserved,
  complete,
  latencySeconds,
  firstSpendableSeconds,
  results,
}: z.output<typeof summaryForm>): Measured {
  const { p50, p95 } = latencySeconds
  return {
    figures: {
      'task to spendable, p50 s': p50,
      'paid, smallest units': paid,
      'results delivered': `${results.delivered} of ${results.tasks}`,
    },
    bars: [
      atMost('task to spendable, p95 s', p95, P95_BAR_S),
      atLeast('books add up, claims and results are all in', Number(conserved && complete), 1),
      atMost('network up to first spendable, s', firstSpendableSeconds, FIRST_BAR_S),
    ],
  }
}
