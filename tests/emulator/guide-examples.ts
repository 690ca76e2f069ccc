// All curl commands of the CockroachDB Cloud API's user guide, word for word, mistakes included.
//
// From "Use the CockroachDB Cloud API" (src/current/cockroachcloud/cloud-api.md of
// https://github.com/cockroachdb/docs at commit 79e9a5d), (c) Cockroach Labs, licensed under CC BY 4.0
// (https://creativecommons.org/licenses/by/4.0/). Unchanged; only these commands were taken.

/** A command of the guide. */
export interface GuideExample {
  /** First and last line in the guide. */
  readonly lines: string;
  readonly curl: string;
}

export const guideExamples = {
  callTheApi: {
    lines: "38-40",
    curl: String.raw`curl --request GET \
  --url https://cockroachlabs.cloud/api/v1/clusters \
  --header "Authorization: Bearer {secret_key}"`,
  },
  setTheApiVersion: {
    lines: "70-73",
    curl: String.raw`curl --request GET \
  --url https://cockroachlabs.cloud/api/v1/clusters \
  --header "Authorization: Bearer {secret_key}" \
  --header "Cc-Version: {version}"`,
  },
  createBasic: {
    lines: "108-111",
    curl: String.raw`curl --request POST \
  --url https://cockroachlabs.cloud/api/v1/clusters \
  --header "Authorization: Bearer {secret_key}" \
  --json '{"name":"{cluster_name}","provider":"{cloud_provider}","plan":"BASIC","spec":{"serverless":{"regions":["{region_name}"]}}}'`,
  },
  createBasicExample: {
    lines: "154-157",
    curl: String.raw`curl --request POST \
  --url https://cockroachlabs.cloud/api/v1/clusters \
  --header "Authorization: Bearer {secret_key}" \
  --json '{"name":"basic-test","provider":"GCP","plan":"BASIC","spec":{"serverless":{"regions":["us-central1"]}}}'`,
  },
  createStandard: {
    lines: "203-206",
    curl: String.raw`curl --request POST \
  --url https://cockroachlabs.cloud/api/v1/clusters \
  --header "Authorization: Bearer {secret_key}" \
  --json '{"name":"{cluster_name}","provider":"{cloud_provider}","plan":"STANDARD","spec":{"serverless":{"regions":["{region_name}"],"usage_limits":{"provisioned_virtual_cpus":"2"}}}}'`,
  },
  createStandardExample: {
    lines: "253-256",
    curl: String.raw`curl --request POST \
  --url https://cockroachlabs.cloud/api/v1/clusters \
  --header "Authorization: Bearer {secret_key}" \
  --json '{"name":"notorious-moose","provider":"GCP","plan":"STANDARD","spec":{"serverless":{"regions":["us-central1"],"usage_limits":{"provisioned_virtual_cpus":"2"}}}}'`,
  },
  createAdvanced: {
    lines: "305-308",
    curl: String.raw`curl --request POST \
  --url https://cockroachlabs.cloud/api/v1/clusters \
  --header "Authorization: Bearer {secret_key}" \
  --json '{"name":"{cluster_name}","provider":"{cloud_provider}","plan":"ADVANCED","spec":{"dedicated":{"region_nodes":{"{region_name}":3},"hardware":{"machine_spec":{"num_virtual_cpus":{num_vcpus}}},"cockroach_version":"{version}"}}}'`,
  },
  createAdvancedExample: {
    lines: "360-363",
    curl: String.raw`curl --request POST \
  --url https://cockroachlabs.cloud/api/v1/clusters \
  --header "Authorization: Bearer {secret_key}" \
  --json '{"name":"advanced-test","provider":"AWS","plan":"ADVANCED","spec":{"dedicated":{"region_nodes":{"us-east-1":3},"hardware":{"machine_spec":{"num_virtual_cpus":4}},"cockroach_version":"v23.1.2"}}}'`,
  },
  getCluster: {
    lines: "408-410",
    curl: String.raw`curl --request GET \
  --url https://cockroachlabs.cloud/api/v1/clusters/{cluster_id} \
  --header "Authorization: Bearer {secret_key}"`,
  },
  listNodes: {
    lines: "435-437",
    curl: String.raw`curl --request GET \
  --url https://cockroachlabs.cloud/api/v1/clusters/{cluster_id}/nodes \
  --header "Authorization: Bearer {secret_key}"`,
  },
  setBasicLimits: {
    lines: "497-500",
    curl: String.raw`curl --request PATCH \
  --url https://cockroachlabs.cloud/api/v1/clusters/{cluster_id} \
  --header "Authorization: Bearer {secret_key}" \
  --json '{"serverless":{"usage_limits":{"storage_mib_limit":"5242880","request_unit_limit":"50000000"}}}'`,
  },
  changeStandardVcpus: {
    lines: "556-559",
    curl: String.raw`curl --request PATCH \
  --url https://cockroachlabs.cloud/api/v1/clusters/{cluster_id} \
  --header "Authorization: Bearer {secret_key}" \
  --json '{"serverless":{"usage_limits":{"provisioned_virtual_cpus":"{provisioned_virtual_cpus}"}}}'`,
  },
  changeAdvancedVcpus: {
    lines: "600-613",
    curl: String.raw`curl --request PATCH \
  --url https://cockroachlabs.cloud/api/v1/clusters/{cluster_id} \
  --header "Authorization: Bearer {secret_key}" \
  --json '{
    "spec": {
      "dedicated": {
        "hardware": {
          "machine_spec": {
            "num_virtual_cpus": 8
          }
        }
      }
    }
  }'`,
  },
  changeAdvancedNodes: {
    lines: "620-631",
    curl: String.raw`curl --request PATCH \
  --url https://cockroachlabs.cloud/api/v1/clusters/{cluster_id} \
  --header "Authorization: Bearer {secret_key}" \
  --json '{
    "spec": {
      "dedicated": {
        "region_nodes": {
          "us-east-1": 5
        }
      }
    }
  }'`,
  },
  enableCmek: {
    lines: "650-654",
    curl: String.raw`curl --request POST \
  --url https://cockroachlabs.cloud/api/v1/clusters/{cluster_id}/cmek \
  --header "Authorization: Bearer {secret_key}" \
  --header "content-type: application/json" \
  --data "@cmek_config.json"`,
  },
  getCmek: {
    lines: "663-665",
    curl: String.raw`curl --request GET \
  --url https://cockroachlabs.cloud/api/v1/clusters/{cluster_id}/cmek \
  --header "Authorization: Bearer {secret_key}"`,
  },
  rotateCmek: {
    lines: "674-678",
    curl: String.raw`curl --request PUT \
  --url https://cockroachlabs.cloud/api/v1/clusters/{cluster_id}/cmek \
  --header "Authorization: Bearer {secret_key}" \
  --header "content-type: application/json" \
  --data "@cmek_config.json"`,
  },
  modifyCmek: {
    lines: "687-691",
    curl: String.raw`curl --request PATCH \
  --url https://cockroachlabs.cloud/api/v1/clusters/{cluster_id} \
  --header "Authorization: Bearer {secret_key} \
  --header "content-type: application/json" \
  --data "@cmek_config.json"`,
  },
  revokeCmek: {
    lines: "702-706",
    curl: String.raw`curl --request PATCH \
  --url https://cockroachlabs.cloud/api/v1/clusters/{cluster_id}/cmek \
  --header "Authorization: Bearer {secret_key} \
  --header "content-type: application/json" \
  --data '{"action":"REVOKE"}'`,
  },
  deleteCluster: {
    lines: "746-748",
    curl: String.raw`curl --request DELETE \
  --url https://cockroachlabs.cloud/api/v1/clusters/{cluster_id} \
  --header "Authorization: Bearer {secret_key}"`,
  },
  listAuditLogs: {
    lines: "777-780",
    curl: String.raw`curl --request GET \
  --url https://cockroachlabs.cloud/api/v1/auditlogevents?starting_from={timestamp}&sort_order={sort_order}&limit={limit} \
  --header "Authorization: Bearer {secret_key}" \
  --header "Cc-Version: {api_version}"`,
  },
  listInvoices: {
    lines: "822-824",
    curl: String.raw`curl --request GET \
  --url https://cockroachlabs.cloud/api/v1/invoices \
  --header "Authorization: Bearer {secret_key}"`,
  },
  getInvoice: {
    lines: "844-846",
    curl: String.raw`curl --request GET \
  --url https://cockroachlabs.cloud/api/v1/invoices/{invoice_id} \
  --header "Authorization: Bearer {secret_key}"`,
  },
  listClusters: {
    lines: "867-869",
    curl: String.raw`curl --request GET \
  --url https://cockroachlabs.cloud/api/v1/clusters \
  --header "Authorization: Bearer {secret_key}"`,
  },
  listInactiveClusters: {
    lines: "876-878",
    curl: String.raw`curl --request GET \
  --url https://cockroachlabs.cloud/api/v1/clusters?show_inactive=true \
  --header "Authorization: Bearer {secret_key}"`,
  },
  listAvailableRegions: {
    lines: "908-910",
    curl: String.raw`curl --request GET \
  --url https://cockroachlabs.cloud/api/v1/clusters/available-regions?provider={cloud_provider} \
  --header "Authorization: Bearer {secret_key}"`,
  },
  listSqlUsers: {
    lines: "942-944",
    curl: String.raw`curl --request GET \
  --url https://cockroachlabs.cloud/api/v1/clusters/{cluster_id}/sql-users \
  --header "Authorization: Bearer {secret_key}"`,
  },
  createSqlUser: {
    lines: "993-996",
    curl: String.raw`curl --request POST \
  --url https://cockroachlabs.cloud/api/v1/clusters/{cluster_id}/sql-users \
  --header "Authorization: Bearer {secret_key}" \
  --json '{"name":"{sql_username}","password":"{password}"}'`,
  },
  deleteSqlUser: {
    lines: "1033-1035",
    curl: String.raw`curl --request DELETE \
  --url https://cockroachlabs.cloud/api/v1/clusters/{cluster_id}/sql-users/{sql_username} \
  --header "Authorization: Bearer {secret_key}"`,
  },
  changeSqlUserPassword: {
    lines: "1069-1072",
    curl: String.raw`curl --request PUT \
  --url https://cockroachlabs.cloud/api/v1/clusters/{cluster_id}/sql-users/{sql_username}/password \
  --header "Authorization: Bearer {secret_key}" \
  --json '{"password":"{new_password}"}'`,
  },
  setMaintenanceWindow: {
    lines: "1104-1107",
    curl: String.raw`curl --request PUT \
  --url https://cockroachlabs.cloud/api/v1/clusters/{cluster_id}/maintenance-window \
  --header "Authorization: Bearer REPLACE_BEARER_TOKEN" \
  --json '{"offset_duration":"{offset_duration}","window_duration":"{window_duration}"}'`,
  },
  getMaintenanceWindow: {
    lines: "1123-1125",
    curl: String.raw`curl --request GET \
  --url https://cockroachlabs.cloud/api/v1/clusters/{cluster_id}/maintenance-window \
  --header "Authorization: Bearer REPLACE_BEARER_TOKEN"`,
  },
  deleteMaintenanceWindow: {
    lines: "1139-1141",
    curl: String.raw`curl --request DELETE \
  --url https://cockroachlabs.cloud/api/v1/clusters/{cluster_id}/maintenance-window \
  --header "Authorization: Bearer REPLACE_BEARER_TOKEN"`,
  },
  setVersionDeferral: {
    lines: "1163-1166",
    curl: String.raw`curl --request PUT \
  --url https://cockroachlabs.cloud/api/v1/clusters/{cluster_id}/version-deferral \
  --header "Authorization: Bearer REPLACE_BEARER_TOKEN" \
  --json '{"deferral_policy":"{deferral_policy}"}'`,
  },
  getVersionDeferral: {
    lines: "1181-1183",
    curl: String.raw`curl --request GET \
  --url https://cockroachlabs.cloud/api/v1/clusters/{cluster_id}/version-deferral \
  --header "Authorization: Bearer REPLACE_BEARER_TOKEN"`,
  },
} satisfies Record<string, GuideExample>;
