// `npm run vectors`: writes every file of test/vectors/, or those named: `npm run vectors -- ledger seed`.
import { mkdirSync, writeFileSync } from 'node:fs'
import { allVectorFiles, pathOf, VECTORS_FOLDER } from './vectors/lib/file.ts'
import { vectorText } from './vectors/lib/json.ts'

const wanted = process.argv.slice(2)
const files = await allVectorFiles()
const unknown = wanted.filter((name) => !files.some((file) => file.name === name))
if (unknown.length > 0) {
  console.error(
    `no such vector file: ${unknown.join(', ')}; there are ${files.map(({ name }) => name).join(', ')}`,
  )
  process.exit(2)
}

mkdirSync(VECTORS_FOLDER, { recursive: true })
for (const file of files) {
  if (wanted.length > 0 && !wanted.includes(file.name)) continue
  const entries = file.generate()
  writeFileSync(pathOf(file), vectorText(entries))
  console.log(`${file.name}.json: ${entries.length} entries`)
}
