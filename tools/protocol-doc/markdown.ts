// Tables of Markdown, in the form that the project's formatter gives them.

export interface Table {
  readonly head: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

export function tableOf({ head, rows }: Table): string {
  const lines = [head, ...rows].map((cells) => cells.map((cell) => cell.replaceAll('|', '\\|')))
  const widths = head.map((_, column) => Math.max(3, ...lines.map((cells) => cells[column]?.length ?? 0)))
  const padded = lines.map((cells) =>
    lineOf(widths.map((width, column) => (cells[column] ?? '').padEnd(width))),
  )
  padded.splice(1, 0, lineOf(widths.map((width) => '-'.repeat(width))))
  return padded.join('\n')
}

function lineOf(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`
}

export function code(text: string): string {
  return `\`${text}\``
}

/** 1048576 as 1,048,576. */
export function count(value: number): string {
  return value.toLocaleString('en-US')
}
