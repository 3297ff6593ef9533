// A page of which some blocks are generated. The rest is written by hand, in the page itself.

/** What stands between the markers of each block, by its name. */
export type Blocks = ReadonlyMap<string, string>

const BLOCK = /<!-- generated: ([a-z-]+) -->\n[\s\S]*?<!-- end: \1 -->/g

/** The page with these blocks in it: each in its place, none left over. */
export function withBlocks(page: string, blocks: Blocks): string {
  const missing = new Set(blocks.keys())
  const filled = page.replace(BLOCK, (_, name: string) => {
    const block = blocks.get(name)
    if (block === undefined) throw new RangeError(`nothing generates the block '${name}' of this page`)
    if (!missing.delete(name)) throw new RangeError(`this page has the block '${name}' twice`)
    return `<!-- generated: ${name} -->\n\n${block}\n\n<!-- end: ${name} -->`
  })
  if (missing.size === 0) return filled
  throw new RangeError(`this page has no place for ${[...missing].join(', ')}`)
}

/** The page with nothing in its blocks. */
export function withoutBlocks(page: string): string {
  return page.replace(BLOCK, (_, name: string) => `<!-- generated: ${name} -->\n<!-- end: ${name} -->`)
}
