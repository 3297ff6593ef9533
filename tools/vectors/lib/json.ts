// The text of a vector file: what fits stays on one line, so that a change shows as the lines it changed.

const LINE_WIDTH = 120

function print(value: unknown, indent: string): string {
  const inline = JSON.stringify(value)
  if (typeof value !== 'object' || value === null || indent.length + inline.length <= LINE_WIDTH)
    return inline
  const deeper = `${indent}  `
  if (Array.isArray(value)) {
    return `[\n${value.map((item) => deeper + print(item, deeper)).join(',\n')}\n${indent}]`
  }
  const fields = Object.entries(value).filter(([, item]) => item !== undefined)
  const lines = fields.map(([name, item]) => `${deeper}${JSON.stringify(name)}: ${print(item, deeper)}`)
  return `{\n${lines.join(',\n')}\n${indent}}`
}

export function vectorText(entries: readonly unknown[]): string {
  return `[\n${entries.map((entry) => `  ${print(entry, '  ')}`).join(',\n')}\n]\n`
}
