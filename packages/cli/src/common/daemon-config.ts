// The config files of daemons: written once by the command that joins, then its owner's to change.
import { dirname, join, resolve } from 'node:path'
import { ApiError, apiClient, readConfig } from '@piecework/api'
import { parse, stringify } from 'yaml'
import { z } from 'zod'
import type { Context } from '../context.ts'
import { CliError } from '../errors.ts'
import type { Option } from '../verb.ts'
import { isThere, readText, writeNew } from './files.ts'
import { type Place, presetOf } from './place.ts'

export type DaemonName = 'node' | 'verifier' | 'settler'

export const SET_OPTION: Option = {
  flags: '--set <key=value>',
  about:
    'a key of the config for this run, as in YAML: --set api.port=0, --set "api={port: 0}"; again for more',
  many: true,
}

export async function writeDaemonConfig(
  file: string,
  place: Place,
  rest: Readonly<Record<string, unknown>>,
): Promise<void> {
  const { network, program, rpc, bootstrap } = place
  const config = { network, program, rpc, bootstrap, preset: presetOf(place), ...rest }
  await writeNew(file, `# A network called ${place.name}\n${stringify(config)}`)
}

export async function needNew(file: string): Promise<void> {
  if (!(await isThere(file))) return
  throw new CliError('usage', `${file} is there already. Start it, or give --folder another folder.`)
}

export interface Wanted<T extends z.ZodType> {
  readonly daemon: DaemonName
  readonly schema: T
  /** A folder with its config, or the config itself. */
  readonly where: string
  readonly set?: readonly string[]
}

/** Environment and --set stand over the file, in this order. */
export async function readDaemonConfig<T extends z.ZodType>(
  { io }: Context,
  { daemon, schema, where, set = [] }: Wanted<T>,
): Promise<{ readonly config: z.output<T>; readonly base: string }> {
  const given = resolve(io.folder, where)
  const file = /\.ya?ml$/.test(given) ? given : join(given, `${daemon}.yaml`)
  const flags = Object.fromEntries(set.map(settingOf))
  const config = readConfig(schema, { text: await readText(file), env: io.env, flags, where: file })
  return { config, base: dirname(file) }
}

function settingOf(text: string): [string, unknown] {
  const at = text.indexOf('=')
  if (at < 1) throw new CliError('usage', `--set ${text}: write it as key=value.`)
  return [text.slice(0, at), parse(text.slice(at + 1))]
}

/** Paths in a config are meant from where the config is. */
export function fromBase<T extends object>(base: string, config: T, keys: readonly (keyof T)[]): T {
  const resolved = keys.flatMap((key) => {
    const path = config[key]
    return typeof path === 'string' ? [[key, resolve(base, path)] as const] : []
  })
  return { ...config, ...Object.fromEntries(resolved) }
}

interface ApiPlace {
  readonly host: string
  readonly port: number
}

/** Where a running daemon answers. */
export function urlOf({ host, port }: ApiPlace): string {
  if (port === 0)
    throw new CliError('usage', 'Its api.port is 0, any that is free: give it a number to ask it.')
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`
}

export interface Running {
  readonly daemon: DaemonName
  /** As its owner names it. */
  readonly folder: string
  readonly api: ApiPlace
}

/** What the running daemon says of itself. */
export async function statusOf({ daemon, folder, api }: Running): Promise<unknown> {
  const url = urlOf(api)
  return apiClient({ url })
    .get('/status', z.unknown())
    .catch((error: unknown) => {
      if (!(error instanceof ApiError) || error.code !== 'client/unreachable') throw error
      const start = `Start it: piecework ${daemon} start ${folder}`
      throw new CliError('unreachable', `The ${daemon} of ${folder} does not answer at ${url}. ${start}`, {
        cause: error,
      })
    })
}

/** For people: one line a value, nested ones indented by their names. */
export function linesOfStatus(value: unknown, path = ''): string[] {
  if (typeof value !== 'object' || value === null) return [`${path.padEnd(28)} ${String(value)}`]
  return Object.entries(value).flatMap(([name, one]: [string, unknown]) =>
    linesOfStatus(one, path === '' ? name : `${path}.${name}`),
  )
}
