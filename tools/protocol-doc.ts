// `npm run docs:protocol`: writes what the code says into docs/protocol.md, or into the page that is named.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { protocolBlocks } from './protocol-doc/blocks.ts'
import { withBlocks } from './protocol-doc/page.ts'

const [page = join(import.meta.dirname, '..', 'docs', 'protocol.md')] = process.argv.slice(2)
const before = readFileSync(page, 'utf8')
const after = withBlocks(before, await protocolBlocks())
writeFileSync(page, after)
console.log(after === before ? `${page} is what the code says` : `${page} is written`)
