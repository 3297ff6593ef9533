// The bytes of everything that travels or is stored, each as a strict codec.
export { attestationCodec } from './codecs/attestation.ts'
export { batchCodec } from './codecs/batch.ts'
export { enrolmentCodec } from './codecs/enrolment.ts'
export { ackCodec, bucketCodec, hashListCodec, inventoryCodec } from './codecs/inventory.ts'
export { appealCodec, knownCodec } from './codecs/judging.ts'
export { evidenceCodec, reportCodec } from './codecs/report.ts'
export {
  joinEnrolment,
  joinReveal,
  joinSigned,
  type Reveal,
  type Signed,
  type SignedEnrolment,
  splitEnrolment,
  splitReveal,
  splitSigned,
} from './codecs/signed.ts'
export type { Codec } from './codecs/strict.ts'
