import { expect, test } from 'vitest'
import { readConfig } from './config.ts'

test('without settings Waypost listens on loopback, on port 3000, with data beside it', () => {
  const config = readConfig({})
  expect(config).toMatchObject({
    port: 3000,
    host: '127.0.0.1',
    publicUrl: 'http://localhost:3000',
    databaseUrl: undefined,
  })
  expect(config.dataFolder).toMatch(/data$/)
})

test('a wrong setting is named, and its value is not repeated', () => {
  expect(() => readConfig({ PORT: 'abc' })).toThrow('The setting PORT is not usable')
  expect(() => readConfig({ DATABASE_URL: 'mysql://root:geheim@host/x' })).toThrow(/DATABASE_URL/)
  expect(() => readConfig({ DATABASE_URL: 'mysql://root:geheim@host/x' })).not.toThrow(/geheim/)
  expect(() => readConfig({ WAYPOST_SECRET: 'short' })).toThrow(/WAYPOST_SECRET/)
})

test('another host than loopback needs the address that people use', () => {
  expect(() => readConfig({ HOST: '0.0.0.0' })).toThrow(/PUBLIC_URL/)
  expect(readConfig({ HOST: '0.0.0.0', PUBLIC_URL: 'https://waypost.example.org/' }).publicUrl).toBe(
    'https://waypost.example.org',
  )
})

test('a variable set to nothing counts as not set', () => {
  expect(readConfig({ SMTP_URL: '', PORT: '' })).toMatchObject({ smtpUrl: undefined, port: 3000 })
})
