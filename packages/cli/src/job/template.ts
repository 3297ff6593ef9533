// The job.yaml that `job init` writes.

export function jobText(kind: string): string {
  return `# A job: what is to be done, and what it pays. Try it with: piecework job check <this folder>
kind: ${kind}
title: What people see in the list of jobs

# Attributes that a node must have, such as { name: country, value: NL }, and jobs that its account must have passed:
# { job: 3, answers: 5, right: 0.8 } is five answers in job 3, of which four fifths were right.
requires: []
# Wallets that alone may do it; everybody where the list is empty.
allow: []

# What the kind wants to know. Names of files in this folder stand for their SHA-256.
work:
  # A WebAssembly module that imports only piecework.input and piecework.output, and exports run.
  module: program.wasm
  # Bytes that every task is given; leave it out if there are none.
  shared: reference.txt
  # Task i is line i of this file. Or: { each: index }, and task i is the number i.
  pieces: { each: line, of: lines.txt }
  # The most steps that a task may take: \`job check\` says how many the first one takes.
  fuel: 20000000
  outputBytes: 4096

pay:
  # In tokens, for each unit; a task is one unit, unless work.fuelPerUnit says otherwise.
  price: 0.05
  tasks: 100
  maxUnits: 1
  # Of the most that all tasks can cost, the deposit is made; what is not spent comes back when the job is closed.
`
}
