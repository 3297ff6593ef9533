// Reports: committed on chain while nobody has seen one, revealed when nobody can change one.
import { equalBytes, u32le, u64le } from './bytes.ts'
import { reportCodec, splitReveal, splitSigned } from './codecs.ts'
import { ProtocolError } from './errors.ts'
import { h, messageHash } from './hash.ts'
import type { ReportInput } from './inputs.ts'
import type { Verify } from './verify.ts'

export function reportHash(networkId: Uint8Array, message: Uint8Array): Uint8Array {
  return messageHash('pw/report', networkId, message)
}

export interface ReportCommit {
  readonly networkId: Uint8Array
  readonly epoch: number
  readonly verifierId: number
  readonly salt: Uint8Array
  readonly reportHash: Uint8Array
}

/** What is posted on chain. The salt hides a report that could be guessed; the rest makes a copied commit worthless. */
export function reportCommit({
  networkId,
  epoch,
  verifierId,
  salt,
  reportHash: hash,
}: ReportCommit): Uint8Array {
  return h('pw/report-commit', networkId, u64le(BigInt(epoch)), u32le(verifierId), salt, hash)
}

export interface Reporter {
  readonly networkId: Uint8Array
  readonly epoch: number
  readonly verifierId: number
  /** The key that signs its reports. */
  readonly voteKey: Uint8Array
  readonly verify: Verify
}

/** A report as gossiped: of this verifier and epoch, and signed. Two that differ are the offence of two reveals. */
export function readReport(signed: Uint8Array, reporter: Reporter): ReportInput {
  const { signature, message } = splitSigned(signed)
  const { networkId, epoch, verifierId, voteKey, verify } = reporter
  const report = reportCodec.decode(message)
  if (!equalBytes(report.networkId, networkId)) throw invalid('it is of another network')
  if (report.epoch !== epoch) throw invalid(`it is of epoch ${report.epoch}, not ${epoch}`)
  if (report.verifierId !== verifierId)
    throw invalid(`it is of verifier ${report.verifierId}, not ${verifierId}`)
  const hash = reportHash(networkId, message)
  if (!verify(voteKey, hash, signature)) {
    const sentence = `Verifier ${verifierId} did not sign this report: drop it.`
    throw new ProtocolError('signature/invalid', sentence, { verifierId, epoch })
  }
  return { report, hash }
}

/** A reveal: the report, whose hash and salt open what the verifier committed. */
export function readReveal(
  reveal: Uint8Array,
  reporter: Reporter & { readonly commit: Uint8Array },
): ReportInput {
  const { salt, signed } = splitReveal(reveal)
  const input = readReport(signed, reporter)
  const opened = reportCommit({ ...reporter, salt, reportHash: input.hash })
  if (!equalBytes(opened, reporter.commit)) throw invalid('it does not open what its verifier committed')
  return input
}

function invalid(why: string): ProtocolError {
  return new ProtocolError('report/invalid', `This report can't be used: ${why}.`, { why })
}
