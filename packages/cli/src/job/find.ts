// Jobs that are on chain, by the index that people know them by.
import { bytesOf, type Chain, type FoundJob, readJobs } from '@piecework/chain'
import { CliError } from '../errors.ts'

export async function jobOf(chain: Chain, index: number): Promise<FoundJob> {
  const { value } = await readJobs(chain)
  const found = value.find((job) => job.index === index)
  if (found === undefined) {
    throw new CliError(
      'refused',
      `There is no job ${index} on this network, or it was refunded. job list shows those there are.`,
    )
  }
  return found
}

export function stateOfJob({
  openSlot,
  closeSlot,
}: Pick<FoundJob, 'openSlot' | 'closeSlot'>): 'waiting' | 'open' | 'closed' {
  if (closeSlot > 0) return 'closed'
  return openSlot > 0 ? 'open' : 'waiting'
}

export function requesterOf({ requester }: FoundJob): Uint8Array {
  return bytesOf(requester)
}
