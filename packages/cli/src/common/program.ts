// Where the program is on the local chain. A network on another cluster names its own in network.yaml.
export const PROGRAM_ADDRESS = 'Piecework1111111111111111111111111111111111'
