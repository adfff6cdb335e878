// Where a webhook may go: to the open internet by https, and never into the network that Waypost itself stands in. An address
// is checked when it is typed and again at every connection, which then goes to the very address that was checked.

import { lookup as resolveName } from 'node:dns/promises'
import { BlockList, isIP, type LookupFunction } from 'node:net'
import { ok, refused, type Result } from '#platform/result.ts'

export interface ResolvedAddress {
  readonly address: string
  readonly family: number
}

export type Resolve = (host: string) => Promise<readonly ResolvedAddress[]>

/** Hosts that the operator trusts, as `host` or `host:port`: these may be private, and may speak http. */
export type TrustedHosts = readonly string[]

export type AddressProblem = 'unreadable' | 'not_https' | 'has_credentials' | 'private'

const mostCharacters = 500

/** The address as typed, or what is wrong with it. A name is looked up later, when it is called. */
export function readWebhookAddress(text: string, trusted: TrustedHosts): Result<URL, AddressProblem> {
  const url = text.length <= mostCharacters && URL.canParse(text) ? new URL(text) : null
  if (url === null || !['http:', 'https:'].includes(url.protocol) || url.hostname === '') return refused('unreadable')
  if (url.username !== '' || url.password !== '') return refused('has_credentials')
  if (isTrusted(url, trusted)) return ok(url)
  if (url.protocol !== 'https:') return refused('not_https')
  const host = bareHost(url)
  if (isIP(host) !== 0 && !isPublic(host)) return refused('private')
  if (isIP(host) === 0 && (!host.includes('.') || /\.(localhost|local|internal|home\.arpa)\.?$/i.test(host)))
    return refused('private')
  return ok(url)
}

export function isTrusted(url: URL, trusted: TrustedHosts): boolean {
  return trusted.includes(url.host) || trusted.includes(url.hostname)
}

/** The look-up for one connection: asks once, refuses the whole name when any of its addresses is not public, and hands on what
 *  it has checked. A name that answers differently a moment later (rebinding) changes nothing. */
export function guardedLookup(isAllowed: boolean, resolve: Resolve = everyAddress): LookupFunction {
  return (host, options, done) => {
    resolve(host).then(
      (found) => {
        const [first] = found
        if (!first) return done(new PrivateAddress('The name has no address.'), '')
        if (!isAllowed && !found.every(({ address }) => isPublic(address)))
          return done(new PrivateAddress('The name leads into a private network.'), '')
        if (options.all) return done(null, [...found])
        return done(null, first.address, first.family)
      },
      (error: unknown) => done(error instanceof Error ? error : new Error('The name cannot be looked up.'), ''),
    )
  }
}

/** The name or number leads where no webhook goes. */
export class PrivateAddress extends Error {
  override readonly name = 'PrivateAddress'
  readonly code = 'private_address'
}

/** The host of an address without the brackets of IPv6. */
export function bareHost({ hostname }: URL): string {
  return hostname.replace(/^\[|\]$/g, '')
}

// IANA's registries of special-purpose addresses (RFC 6890 and its updates): everything that is not the open internet.
const special4: readonly (readonly [string, number])[] = [
  ...([
    ['0.0.0.0', 8],
    ['10.0.0.0', 8],
    ['100.64.0.0', 10],
    ['127.0.0.0', 8],
    ['169.254.0.0', 16],
  ] as const),
  ...([
    ['172.16.0.0', 12],
    ['192.0.0.0', 24],
    ['192.0.2.0', 24],
    ['192.88.99.0', 24],
    ['192.168.0.0', 16],
  ] as const),
  ...([
    ['198.18.0.0', 15],
    ['198.51.100.0', 24],
    ['203.0.113.0', 24],
    ['224.0.0.0', 4],
    ['240.0.0.0', 4],
  ] as const),
]
// Within 2000::/3 alone are public addresses; of these, the ones that hold an IPv4 address or none that can be reached are not.
const special6: readonly (readonly [string, number])[] = [
  ...([
    ['2001::', 23],
    ['2001:db8::', 32],
    ['2002::', 16],
    ['3fff::', 20],
  ] as const),
]

const blocked = new BlockList()
for (const [net, prefix] of special4) blocked.addSubnet(net, prefix, 'ipv4')
for (const [net, prefix] of special6) blocked.addSubnet(net, prefix, 'ipv6')
const global6 = new BlockList()
global6.addSubnet('2000::', 3, 'ipv6')

/** Whether the number is an address of the open internet. Not for names. */
export function isPublic(address: string): boolean {
  const kind = isIP(address)
  if (kind === 4) return !blocked.check(address, 'ipv4')
  // An IPv4 address in the clothes of an IPv6 one lies outside of 2000::/3, and so does all that is local.
  return kind === 6 && global6.check(address, 'ipv6') && !blocked.check(address, 'ipv6')
}

async function everyAddress(host: string): Promise<readonly ResolvedAddress[]> {
  return resolveName(host, { all: true, verbatim: true })
}
