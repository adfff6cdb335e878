// Puts the invented partners and their services into the directory.

import { addLocations, addOrganizations, addRequirement, addServices } from '#directory/index.ts'
import type { Random } from '#numerics/index.ts'
import { addDays } from '#platform/dates.ts'
import type { Work } from '#platform/http/index.ts'
import type { ServiceId } from '#platform/ids.ts'
import { drawOrganizations } from './organizations.ts'
import { areaOf } from './region.ts'

const weekdayNumbers: Readonly<Record<string, number>> = { MO: 1, TU: 2, WE: 3, TH: 4, FR: 5, SA: 6, SU: 7 }

/** Adds all partners; gives the ids of their services. */
export async function fillDirectory({ db, network, now, today }: Work, random: Random): Promise<ServiceId[]> {
  const organizations = drawOrganizations(random)
  const organizationIds = await addOrganizations(
    db,
    network.id,
    organizations.map(({ name, description, email, phone }) => ({ name, description, email, phone })),
    now,
  )
  const locationIds = await addLocations(
    db,
    network.id,
    organizations.map(({ name, area, address, services }, index) => {
      const { latitude, longitude, name: city } = areaOf(area)
      return {
        organizationId: organizationIds[index]!,
        name,
        address: { street: address, city, region: 'Riverside', postalCode: `RV${index + 1}`, country: 'GB' },
        position: {
          latitude: latitude + 0.03 * (random.uniform() - 0.5),
          longitude: longitude + 0.03 * (random.uniform() - 0.5),
        },
        accessibility: services[0]?.accessibility ?? [],
      }
    }),
    now,
  )
  const offers = organizations.flatMap((organization, index) =>
    organization.services.map((service) => ({ organization, service, index })),
  )
  const serviceIds = await addServices(
    db,
    network.id,
    offers.map(({ organization, service, index }) => ({
      organizationId: organizationIds[index]!,
      organizationName: organization.name,
      name: service.name,
      description: service.description,
      serviceType: service.type,
      locationIds: [locationIds[index]!],
      languages: service.languages,
      email: organization.email,
      phone: organization.phone,
      costCents: service.isFree ? 0 : 2500,
      currency: 'GBP',
      fees: service.isFree ? 'Free of charge' : '25 pounds for the materials',
      eligibility: service.eligibility ?? undefined,
      places: {
        free: service.placesFree,
        nextStart: service.startsInDays === null ? null : addDays(today, service.startsInDays),
      },
      assuredOn: addDays(today, -random.below(240)),
      openings: [
        { weekdays: service.days.map((day) => weekdayNumbers[day]!), opens: service.opens, closes: service.closes },
      ],
    })),
    now,
  )
  for (const [index, { service }] of offers.entries()) {
    for (const rule of service.requirements) {
      await addRequirement(db, network.id, serviceIds[index]!, { rule, note: service.eligibility, by: null, now })
    }
  }
  return serviceIds
}
