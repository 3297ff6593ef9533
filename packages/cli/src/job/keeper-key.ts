// The key of a job's keeper: a file beside job.yaml, for its owner alone. Without it nobody can open the known answers.
import { readKeyFile, readOrMakeKeyFile } from '@piecework/api'
import { isThere } from '../common/files.ts'
import type { Context } from '../context.ts'
import type { ToKnow } from './known-file.ts'

type SecretOf = ToKnow['secretOf']

const SECRET_BYTES = 32

/** Made when the job is posted. */
export function keeperMade({ io }: Context): SecretOf {
  return (file) => readOrMakeKeyFile(file, io.randomBytes)
}

/** Nothing is written for a job that is only tried. */
export function keeperOrNobody({ io }: Context): SecretOf {
  return async (file) => ((await isThere(file)) ? readKeyFile(file) : io.randomBytes(SECRET_BYTES))
}
