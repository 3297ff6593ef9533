// A verifier's numbers for Prometheus: its status, read whenever somebody looks.
import type { Metrics } from '@piecework/api'
import type { VerifierStatus } from './status.ts'

interface MeasureRow {
  readonly name: string
  readonly help: string
  /** None while there is none. */
  readonly of: (status: VerifierStatus) => number | undefined
}

const ROWS: readonly MeasureRow[] = [
  { name: 'epoch', help: 'The epoch whose work is under way.', of: ({ epoch }) => epoch },
  { name: 'settling', help: 'The epoch that settles next.', of: ({ settling }) => settling },
  { name: 'state_epoch', help: 'Of the newest final state.', of: ({ stateEpoch }) => stateEpoch },
  { name: 'saved_epoch', help: 'Of the newest state on disk.', of: ({ savedEpoch }) => savedEpoch },
  { name: 'peers', help: 'Connected peers.', of: ({ peers }) => peers },
  { name: 'stints', help: 'Stints to check in epochs that are not settled.', of: ({ stints }) => stints },
  { name: 'measured', help: 'Measurements of links, in this run.', of: ({ measured }) => measured },
  { name: 'reports', help: 'Reports made, in this run.', of: ({ reports }) => reports },
  { name: 'votes', help: 'Votes for candidates, in this run.', of: ({ votes }) => votes },
  { name: 'offers', help: 'What it wants on chain and is not there.', of: ({ offers }) => offers },
  {
    name: 'stake',
    help: 'Stake of its seat, in smallest units.',
    // Doubles are exact up to 2^53 of them, and close enough for a graph above.
    of: ({ stake }) => (stake === undefined ? undefined : Number(stake)),
  },
  { name: 'troubles', help: 'Stages that wait for something.', of: ({ troubles }) => troubles.length },
]

export function measureVerifier(status: () => VerifierStatus, measure: Metrics['measure']): void {
  for (const { name, help, of } of ROWS)
    measure({ name: `verifier_${name}`, help, labels: [] }, async () => {
      const value = of(status())
      return value === undefined ? [] : [{ value, labels: {} }]
    })
}
