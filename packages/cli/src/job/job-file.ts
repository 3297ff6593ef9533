// job.yaml: what a requester wants done and what it pays. Names of files beside it stand for their SHA-256.
import { readdir } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { readConfig, readKeyFile } from '@piecework/api'
import { bytesOf, parseAddress } from '@piecework/chain'
import { toHex, ZERO_HASH } from '@piecework/protocol'
import {
  type Content,
  type JobSpec,
  type Kinds,
  type Required,
  readJobSpec,
  required,
  writeAllowList,
  writeJobSpec,
} from '@piecework/work'
import { z } from 'zod'
import { readBytes, readText } from '../common/files.ts'
import { addressText } from '../common/invite.ts'
import { sha256 } from '../common/sha256.ts'
import { CliError } from '../errors.ts'
import { KEEPER_FILE, type KnownFile, readKnownFile, type ToKnow } from './known-file.ts'

const tokens: z.ZodType<string, string | number> = z.union([z.string(), z.number().transform(String)])

const FILE_NAME = /^[^\s/]+\.\w+$/

export interface Pay {
  readonly rule: 'piece' | 'share'
  /** In tokens. piece: of a unit. share: the budget of an epoch. */
  readonly price: string
  /** share: the most that a score of one is paid. */
  readonly capPrice: string
  readonly tasks: number
  readonly maxUnits: number
  readonly replicas: number
  readonly leaseEpochs: number
  /** Left out: what all tasks can cost. */
  readonly deposit?: string | undefined
}

interface JobForm {
  readonly kind: string
  readonly title: string
  readonly requires: readonly Required[]
  /** Wallets that alone may do it; everybody where it is empty. */
  readonly allow: readonly string[]
  /** The name of a file beside it. */
  readonly known?: string | undefined
  readonly work: unknown
  readonly pay: Pay
}

export const jobForm: z.ZodType<JobForm> = z.strictObject({
  kind: z.string(),
  title: z.string(),
  requires: z.array(required).default([]),
  allow: z.array(addressText).default([]),
  known: z.string().regex(FILE_NAME, 'is no name of a file').optional(),
  work: z.unknown(),
  pay: z.strictObject({
    rule: z.enum(['piece', 'share']).default('piece'),
    price: tokens,
    capPrice: tokens.default('0'),
    tasks: z.int().min(1).max(0xffff_ffff),
    maxUnits: z.int().min(1).default(1),
    replicas: z.int().min(1).max(255).default(1),
    leaseEpochs: z.int().min(0).default(2),
    deposit: tokens.optional(),
  }),
})

export interface JobFile {
  readonly pay: Pay
  /** What is uploaded, and whose SHA-256 is on chain. */
  readonly specBytes: Uint8Array
  readonly specHash: Uint8Array
  readonly spec: JobSpec
  /** What it knows, and who opens it; undefined in jobs without known answers. */
  readonly known: KnownFile | undefined
  /** SHA-256 of the list of those who may do it; zero for everybody. */
  readonly allowRoot: Uint8Array
  /** All that its tasks need, and the list if there is one, by the hexadecimal of their SHA-256. */
  readonly content: ReadonlyMap<string, Uint8Array>
}

export interface JobReading {
  readonly kinds: Kinds
  /** Of the keeper's key file, in jobs with known answers; left out: what is in it. */
  readonly secretOf?: ToKnow['secretOf']
}

/** `where`: a folder with a job.yaml, or the file itself. */
export async function readJobFile(
  where: string,
  { kinds, secretOf = readKeyFile }: JobReading,
): Promise<JobFile> {
  const file = /\.ya?ml$/.test(where) ? where : join(where, 'job.yaml')
  const form = readConfig(jobForm, { text: await readText(file), where: file })
  const { pay, requires, allow, kind, title } = form
  const files = await filesBeside(file)
  const work = await withHashes(form.work, files)
  const specWith = (more: object): Uint8Array =>
    writeJobSpec({ kind, title, ...(requires.length > 0 ? { requires } : {}), ...more, work })
  const plain = specWith({})
  const spec = specOf(plain, kinds, filesMissing(form.work, files))
  const needed = await contentOf(spec, files)
  const list =
    allow.length > 0 ? writeAllowList(allow.map((wallet) => bytesOf(parseAddress(wallet)))) : undefined
  const allowRoot = list === undefined ? ZERO_HASH : sha256(list)
  const content = list === undefined ? needed : new Map([...needed, [toHex(allowRoot), list]])
  const rest = { pay, allowRoot, content }
  if (form.known === undefined)
    return { ...rest, spec, known: undefined, specBytes: plain, specHash: sha256(plain) }
  await keepSecret([form.known, KEEPER_FILE], files, content)
  const asked = { jobFile: file, name: form.known, tasks: pay.tasks, spec, content: contentFrom(content) }
  const known = await readKnownFile({ ...asked, secretOf })
  const specBytes = specWith({ known: known.committed })
  return { ...rest, spec: readJobSpec(specBytes, kinds), known, specBytes, specHash: sha256(specBytes) }
}

/** What is uploaded is public. */
async function keepSecret(
  names: readonly string[],
  files: Files,
  content: JobFile['content'],
): Promise<void> {
  for (const name of names) {
    const bytes = await files.named(name)
    if (bytes === undefined || !content.has(toHex(sha256(bytes)))) continue
    throw new CliError(
      'usage',
      `The job names ${name} as one of its inputs, and those are public: name another file.`,
    )
  }
}

/** A job's own files, by their hashes. */
export function contentFrom(content: JobFile['content']): Content {
  return {
    get: async (hash) => {
      const bytes = content.get(toHex(hash))
      if (bytes !== undefined) return bytes
      throw new CliError('usage', `Nothing here has the SHA-256 ${toHex(hash)}.`)
    },
  }
}

/** Read when they are named, each once. */
class Files {
  readonly #folder: string
  readonly #names: ReadonlySet<string>
  readonly #read = new Map<string, Uint8Array>()

  constructor(folder: string, names: readonly string[]) {
    this.#folder = folder
    this.#names = new Set(names)
  }

  has(name: string): boolean {
    return this.#names.has(name)
  }

  /** Undefined where there is no such file. */
  async named(name: string): Promise<Uint8Array | undefined> {
    if (!this.#names.has(name)) return undefined
    const bytes = this.#read.get(name) ?? (await readBytes(resolve(this.#folder, name)))
    this.#read.set(name, bytes)
    return bytes
  }

  async all(): Promise<readonly Uint8Array[]> {
    const read = await Promise.all([...this.#names].map((name) => this.named(name)))
    return read.filter((bytes) => bytes !== undefined)
  }
}

async function filesBeside(file: string): Promise<Files> {
  const folder = dirname(file)
  const entries = await readdir(folder, { withFileTypes: true })
  const names = entries.filter((entry) => entry.isFile() && entry.name !== basename(file))
  return new Files(
    folder,
    names.map(({ name }) => name),
  )
}

async function withHashes(value: unknown, files: Files): Promise<unknown> {
  if (typeof value === 'string') {
    const bytes = await files.named(value)
    return bytes === undefined ? value : toHex(sha256(bytes))
  }
  if (Array.isArray(value)) return Promise.all(value.map((one) => withHashes(one, files)))
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).map(
    async ([key, one]) => [key, await withHashes(one, files)] as const,
  )
  return Object.fromEntries(await Promise.all(entries))
}

/** What looks like the name of a file, and is none beside job.yaml. */
function filesMissing(value: unknown, files: Files): readonly string[] {
  if (typeof value === 'string') return FILE_NAME.test(value) && !files.has(value) ? [value] : []
  if (typeof value !== 'object' || value === null) return []
  return Object.values(value).flatMap((one) => filesMissing(one, files))
}

/** A name that stayed a name is what is wrong, more likely than a hash. */
function specOf(bytes: Uint8Array, kinds: Kinds, missing: readonly string[]): JobSpec {
  try {
    return readJobSpec(bytes, kinds)
  } catch (error) {
    if (missing.length === 0 || !(error instanceof Error)) throw error
    const hint = `There is no file ${missing.join(', ')} beside job.yaml: put it there, or name another.`
    throw new CliError('usage', `${error.message}\n${hint}`)
  }
}

async function contentOf({ job }: JobSpec, files: Files): Promise<ReadonlyMap<string, Uint8Array>> {
  const needed = new Set(job.needs().map(toHex))
  const content = new Map<string, Uint8Array>()
  for (const bytes of await files.all()) {
    const hash = toHex(sha256(bytes))
    if (needed.has(hash)) content.set(hash, bytes)
  }
  const missing = [...needed].filter((hash) => !content.has(hash))
  if (missing.length === 0) return content
  throw new CliError(
    'usage',
    `No file beside job.yaml has the SHA-256 ${missing.join(', ')}: put the files that the job needs into its folder, ` +
      'and name them in job.yaml.',
  )
}
