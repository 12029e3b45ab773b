import { BlockList, isIP } from 'node:net'

/** IPv4 that is not of the public internet. @see https://www.iana.org/assignments/iana-ipv4-special-registry */
const specialV4 = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.31.196.0', 24],
  ['192.52.193.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['192.175.48.0', 24],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  // Multicast, the reserved rest and broadcast.
  ['224.0.0.0', 3],
] as const

/** Within 2000::/3, the only IPv6 that is public. @see https://www.iana.org/assignments/iana-ipv6-special-registry */
const specialV6 = [
  // Protocol assignments, Teredo among them, which carries an IPv4 address.
  ['2001::', 23],
  ['2001:db8::', 32],
  // 6to4, which carries an IPv4 address.
  ['2002::', 16],
  ['2620:4f:8000::', 48],
  ['3fff::', 20],
] as const

const forbidden = new BlockList()
for (const [net, prefix] of specialV4) forbidden.addSubnet(net, prefix, 'ipv4')
for (const [net, prefix] of specialV6) forbidden.addSubnet(net, prefix, 'ipv6')

const publicV6 = new BlockList()
publicV6.addSubnet('2000::', 3, 'ipv6')

/**
 * Whether an IP address is of the public internet. IPv4 in the clothes of IPv6 (mapped, translated, 6to4, Teredo) is
 * not: nobody names a public server like that.
 */
export function isPublicAddress(address: string): boolean {
  switch (isIP(address)) {
    case 4:
      return !forbidden.check(address, 'ipv4')
    case 6:
      // A zone such as %eth0 only link-local addresses have.
      return !address.includes('%') && publicV6.check(address, 'ipv6') && !forbidden.check(address, 'ipv6')
    default:
      return false
  }
}
