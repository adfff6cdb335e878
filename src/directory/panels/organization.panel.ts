// An organisation on a partner's page: who they are, how to reach them, what they offer.

import type { Panel, Scene } from '#platform/http/index.ts'
import type { OrganizationId } from '#platform/ids.ts'
import { serviceTypeKey } from '../service-type.ts'
import {
  findOrganization,
  servicesOfOrganization,
  type Organization,
  type ServiceOfOrganization,
} from '../organizations.store.ts'
import { shownPlaces } from '../words.scene.ts'

export interface OrganizationPanel extends Panel {
  readonly organization: Organization
}

// messages: directory.status.*

/** Null when there is no such organisation. */
export async function organizationPanel(scene: Scene, id: OrganizationId): Promise<OrganizationPanel | null> {
  const organization = await findOrganization(scene.db, id)
  if (!organization) return null
  const services = await servicesOfOrganization(scene.db, id)
  const model = { organization: organizationModel(scene, organization, services) }
  return { template: 'directory/panels/organization.njk', model, organization }
}

function organizationModel(scene: Scene, organization: Organization, services: readonly ServiceOfOrganization[]) {
  const { name, alternateName, description, email, phone, website, goneSince } = organization
  return {
    name,
    alternateName,
    description,
    email,
    phone,
    website: website !== null && /^https?:\/\//i.test(website) ? website : null,
    gone: goneSince === null ? null : scene.t('directory.organization.gone', { day: scene.day(goneSince) }),
    services: services.map((service) => ({
      href: `/services/${service.id}`,
      name: service.name,
      type: service.serviceType === null ? null : scene.t(serviceTypeKey(service.serviceType)),
      status: service.status === 'active' ? null : scene.t(`directory.status.${service.status}`),
      places:
        service.placesFree === null
          ? null
          : shownPlaces(scene, { placesFree: service.placesFree, placesAsOf: service.placesAsOf }),
      nextStart:
        service.nextStart === null
          ? null
          : scene.t('directory.places.next_start', { day: scene.day(service.nextStart) }),
    })),
  }
}
