// `npm start`: until the whole network exists, says what is there and what is not.
// `npm start -- --json` says it in one line.
import { join } from 'node:path'
import { type Part, partsIn } from './parts.ts'

function row({ folder, about, state, sourceFiles, testFiles }: Part): string {
  const size = state === 'not yet' ? '' : `  (${sourceFiles} source files, ${testFiles} test files)`
  return `  ${state.padEnd(7)}  ${folder.padEnd(17)}  ${about}${size}`
}

const parts = partsIn(join(import.meta.dirname, '..'))
const mistaken = process.argv.slice(2).filter((argument) => argument !== '--json')

if (mistaken.length > 0) {
  console.error(`npm start does not know ${mistaken.join(' ')} yet; it takes --json.`)
  process.exitCode = 2
} else if (process.argv.includes('--json')) {
  console.log(JSON.stringify({ network: false, parts }))
} else {
  console.log('Piecework: an open network that pays people and machines for verifiable work.\n')
  console.log(parts.map(row).join('\n'))
  console.log('\nThere is no network to start yet: no daemon runs, nothing listens, nothing was changed.')
  console.log('What works today is in README.md; `npm test` shows that it does.')
}
