// Results as files that other tools read: one row an answer, with its receipt.
import { jsonText } from '@piecework/api'
import type { ColumnSource } from 'hyparquet-writer'
import type { ResultRow } from './results.ts'

export const FORMATS = ['jsonl', 'csv', 'parquet'] as const
export type Format = (typeof FORMATS)[number]

/** Of a row, in the order of the file. Whatever has a form of its own is JSON. */
const COLUMNS: readonly {
  readonly name: string
  readonly type: 'INT32' | 'DOUBLE' | 'BOOLEAN' | 'STRING'
  readonly of: (row: ResultRow) => number | boolean | string | null
}[] = [
  { name: 'task', type: 'INT32', of: ({ task }) => task },
  { name: 'result', type: 'STRING', of: ({ result }) => jsonText(result) },
  { name: 'output', type: 'STRING', of: ({ output }) => jsonText(output) },
  { name: 'agrees', type: 'BOOLEAN', of: ({ agrees }) => agrees },
  { name: 'agreement', type: 'DOUBLE', of: ({ agreement }) => agreement },
  { name: 'confidence', type: 'DOUBLE', of: ({ confidence }) => confidence },
  { name: 'answers', type: 'INT32', of: ({ answers }) => answers },
  { name: 'node', type: 'INT32', of: ({ node }) => node },
  { name: 'units', type: 'INT32', of: ({ units }) => units },
  { name: 'at', type: 'STRING', of: ({ at }) => new Date(at * 1_000).toISOString() },
  { name: 'epoch', type: 'INT32', of: ({ epoch }) => epoch },
  { name: 'batch', type: 'STRING', of: ({ batch }) => batch },
  { name: 'row', type: 'INT32', of: ({ row }) => row },
]

export function linesOf(rows: readonly ResultRow[]): string {
  return rows.map((row) => `${jsonText(row)}\n`).join('')
}

/** As RFC 4180 says, and with no cell that a spreadsheet takes for a formula. */
export function csvOf(rows: readonly ResultRow[]): string {
  const lines = [
    COLUMNS.map(({ name }) => name),
    ...rows.map((row) => COLUMNS.map(({ of }) => cell(of(row)))),
  ]
  return lines.map((line) => `${line.join(',')}\r\n`).join('')
}

function cell(value: number | boolean | string | null): string {
  if (value === null) return ''
  if (typeof value !== 'string') return String(value)
  const tame = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(tame) ? `"${tame.replaceAll('"', '""')}"` : tame
}

/** Its writer is loaded by whoever wants such a file. */
export async function parquetOf(rows: readonly ResultRow[]): Promise<Uint8Array> {
  const { parquetWriteBuffer } = await import('hyparquet-writer')
  const columnData: ColumnSource[] = COLUMNS.map(({ name, type, of }) => ({ name, type, data: rows.map(of) }))
  return new Uint8Array(parquetWriteBuffer({ columnData }))
}

export async function fileOf(format: Format, rows: readonly ResultRow[]): Promise<string | Uint8Array> {
  if (format === 'jsonl') return linesOf(rows)
  return format === 'csv' ? csvOf(rows) : parquetOf(rows)
}
