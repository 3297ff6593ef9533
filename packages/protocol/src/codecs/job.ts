// A job's fields as on chain; its rule is 0 for piece, 1 for share.
import { type ByteVectorType, ContainerType, type UintBigintType, type UintNumberType } from '@chainsafe/ssz'
import type { Job } from '../facts.ts'
import { bytes32, u8, u16, u32, u64 } from './strict.ts'

type JobFields = {
  index: UintNumberType
  requester: ByteVectorType
  kind: UintNumberType
  rule: UintNumberType
  price: UintBigintType
  capPrice: UintBigintType
  tasks: UintNumberType
  replicas: UintNumberType
  maxUnits: UintNumberType
  leaseEpochs: UintNumberType
  verifierBps: UintNumberType
  settleBps: UintNumberType
  deposit: UintBigintType
  specHash: ByteVectorType
  allowRoot: ByteVectorType
}

export const jobType: ContainerType<JobFields> = new ContainerType<JobFields>({
  index: u32,
  requester: bytes32,
  kind: u16,
  rule: u8,
  price: u64,
  capPrice: u64,
  tasks: u32,
  replicas: u8,
  maxUnits: u32,
  leaseEpochs: u32,
  verifierBps: u16,
  settleBps: u16,
  deposit: u64,
  specHash: bytes32,
  allowRoot: bytes32,
})

export type JobWire = Omit<Job, 'rule'> & { readonly rule: number }

export function jobToWire(job: Job): JobWire {
  return { ...job, rule: job.rule === 'piece' ? 0 : 1 }
}

export function jobFromWire(wire: JobWire): Job {
  return { ...wire, rule: wire.rule === 0 ? 'piece' : 'share' }
}
