// The database's front door inside the platform.

export { openDatabase, type OpenDatabase } from './open.ts'
export { NoDatabase } from './embedded.ts'
export { WrongSchema, readMigrations } from './migrate.ts'
export { RolesMissing, type ActingRole } from './roles.ts'
export { inScope, changeScope, staffRoles, type Db, type Scope, type StaffRole } from './scope.ts'
export type { Database } from './schema.generated.ts'
