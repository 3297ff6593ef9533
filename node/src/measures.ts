// A node's numbers for Prometheus, from its status.
import type { Metrics } from '@piecework/api'
import type { NodeStatus } from './status.ts'

/** Money in smallest units: doubles are exact up to 2^53 of them, and close enough for a graph above. */
export function measuresOf(metrics: Metrics): (status: NodeStatus) => void {
  const gauge = (name: string, help: string): ((value: number) => void) => metrics.gauge(`node_${name}`, help)
  const epoch = gauge('epoch', 'The epoch whose work is under way.')
  const peers = gauge('peers', 'Connected peers.')
  const waiting = gauge('tasks_waiting', 'Tasks that wait for their turn.')
  const done = gauge('tasks_done', 'Tasks done in this run.')
  const left = gauge('tasks_left', 'Tasks that were dealt and not done, in this run.')
  const rows = gauge('rows', 'Rows signed in this run.')
  const acknowledged = gauge(
    'batches_acknowledged',
    'Batches that enough verifiers acknowledged, in this run.',
  )
  const unacknowledged = gauge('batches_unacknowledged', 'Batches that did not arrive in time, in this run.')
  const echoed = gauge('link_bytes', 'Sent back to checkers that measure the link, in this run.')
  const bond = gauge('bond', 'Bond, in smallest units.')
  const earned = gauge('earned', "Ever released to the wallet's account, in smallest units.")
  const claimed = gauge('claimed', 'Of that, what reached the wallet.')
  const latency = gauge('latency_seconds_p95', 'From the end of a task to tokens that can be spent.')
  const troubles = gauge('troubles', 'Stages that wait for something.')
  return (status) => {
    if (status.epoch !== undefined) epoch(status.epoch)
    peers(status.peers)
    waiting(status.tasks.waiting)
    done(status.tasks.done)
    left(status.tasks.left)
    rows(status.rows.rows)
    acknowledged(status.batches.acknowledged)
    unacknowledged(status.batches.unacknowledged)
    echoed(status.links.bytes)
    bond(Number(status.standing?.bond ?? 0n))
    earned(Number(status.earnings.earned))
    claimed(Number(status.earnings.claimed))
    if (status.latencies.p95 !== undefined) latency(status.latencies.p95)
    troubles(status.troubles.length)
  }
}
