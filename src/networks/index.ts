// Networks and their sites: the front door.

export { newNetworkShape, type NewNetwork, type Site, type SiteKind } from './network.ts'
export {
  insertNetwork,
  insertSite,
  listNetworks,
  rememberNetworks,
  sitesOf,
  type NetworkDirectory,
} from './networks.store.ts'
export { networksRoutes } from './networks.routes.ts'
export { holidaysRoutes } from './holidays.routes.ts'
export { sitesRoutes } from './sites.routes.ts'
