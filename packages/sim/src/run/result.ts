// One measurement as a line for programs, or as rows for people.
import type { Measured } from '../bench/types.ts'
import type { Machine } from './machine.ts'

export interface Result extends Measured {
  readonly name: string
  readonly machine: Machine
}

export const missed = ({ bars, skipped }: Measured): boolean =>
  skipped !== undefined || bars.some((bar) => !bar.ok)

export function toLine({ name, figures, bars, skipped, machine }: Result): string {
  return JSON.stringify({ name, figures, bars, skipped, machine })
}

/** Large numbers without decimals, small ones with four digits that mean something. */
function readable(value: number | string): string {
  if (typeof value === 'string') return value
  if (Number.isInteger(value) || Math.abs(value) >= 1000) return Math.round(value).toLocaleString('en-US')
  return String(Number(value.toPrecision(4)))
}

function rows({ name, figures, bars, skipped }: Result): string[][] {
  return [
    ...(skipped === undefined ? [] : [[name, skipped, '', '', 'SKIPPED']]),
    ...Object.entries(figures).map(([figure, value]) => [name, figure, readable(value), '', '']),
    ...bars.map((bar) => [name, bar.name, readable(bar.value), bar.bar, bar.ok ? 'met' : 'MISSED']),
  ]
}

export function toTable(results: readonly Result[]): string {
  const table = [['name', 'figure', 'value', 'bar', ''], ...results.flatMap(rows)]
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(...table.map((row) => row[column]?.length ?? 0)))
  const numeric = 2
  return table
    .map((row) =>
      row
        .map((cell, i) => (i === numeric ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}
