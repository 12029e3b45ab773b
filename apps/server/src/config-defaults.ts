import type { Config } from './config-schema.ts'

/** What the schema makes of a configuration that says nothing, so that such a start need not load it. */
export const defaultConfig: Config = {
  data_dir: './data',
  log_level: 'info',
  watch: true,
  metrics_open: false,
  store: {
    sync: 'normal',
    strict: false,
    journal: {
      max_age: 259200,
      max_count: 500000,
      max_size: 512,
    },
    messages: {
      max_age: 31536000,
      max_count: 10000000,
      max_size: 8192,
    },
    media: {
      max_age: 7776000,
      max_count: 1000000,
      max_size: 4096,
    },
    dead_letters: {
      max_age: 2592000,
      max_count: 10000,
    },
  },
  files: {
    allowed_paths: [],
    allow_private_networks: false,
    max_size: 100,
    timeout: 60,
  },
  tokens: [],
  login_limit: { frequency: 0.5, bucket: 30 },
  audit: {
    max_size: 10,
    max_files: 5,
  },
  defaults: {
    access_token: '',
    dialect: 'default',
    message_format: 'string',
    report_self_message: false,
    extra_reply_data: false,
    remove_reply_at: false,
    replay_max_age: 60,
    replay_rate: 1000,
    report_seq: false,
    ack: 'written',
    rate_limit: {
      frequency: 0,
      bucket: 1,
      reject: false,
    },
  },
  bots: [
    {
      backend: {
        type: 'sandbox',
        world: 'default',
        clock: 'real',
        unsupported_segments: 'refuse',
        control: true,
      },
      heartbeat_interval: 15,
      tap: {
        records: 10000,
        bytes: 33554432,
      },
      rate_limit_interval: 0.5,
      safe_hosts: [],
      dangerous_hosts: [],
      ocr_languages: ['chi_sim', 'eng'],
      listen: [
        {
          host: '127.0.0.1',
          port: 5700,
          socket_mode: '600',
          body_limit: 32,
          header_limit: 128,
          request_timeout: 300,
          allowed_origins: [],
          allowed_hosts: [],
          updates_name: 'get_updates',
          blocked_timeout: 60,
          ping_interval: 30,
          max_sockets: 4096,
          max_link_names: 64,
          max_payload: 32,
          high_water_mark: 1,
          permessage_deflate: false,
        },
      ],
      connect: [],
    },
  ],
}
