// Finished: tells the keeper of a job which tasks an epoch judges. It follows from the newest settled state alone: rows in
// gossip would not show that nobody else is still at it.
import { FINISHED_TASKS, type FinishedAnswer, type FinishedQuestion } from '@piecework/network'
import { finishedTasks } from '@piecework/protocol'
import type { States } from './common/states.ts'
import { refused } from './errors.ts'

export interface FinishedPorts {
  readonly states: Pick<States, 'newest'>
}

export async function finishedOf(
  { states: { newest } }: FinishedPorts,
  { job, epoch }: FinishedQuestion,
): Promise<FinishedAnswer> {
  if (newest === undefined) throw refused('no state is known here yet')
  return { settled: newest.epoch, tasks: finishedTasks(newest, job, epoch).slice(0, FINISHED_TASKS) }
}
