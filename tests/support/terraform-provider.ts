// What the Terraform provider of CockroachDB Cloud 1.22 has, by its documentation, and what stands for it here: the
// path of an argument, or in a sentence why there is none.

export interface Counterpart {
  /** The resource or function. */
  readonly of: string;
  readonly arguments: Readonly<Record<string, string | { readonly reason: string }>>;
}

const none = (reason: string) => ({ reason });
const inCluster = { cluster_id: "clusterId" };
const ofCluster = { id: "clusterId" };
const role = { role_name: "roleName", resource_type: "resourceType", resource_id: "resourceId" };
const under = (paths: Readonly<Record<string, string>>, path: string, terraform: string) =>
  Object.fromEntries(
    Object.entries(paths).map(([theirs, ours]) => [`${terraform}.${theirs}`, `${path}.${ours}`]),
  );
const inOrder = { limit: "limit", sort_order: "sortOrder" };

export const terraformResources: Readonly<Record<string, Counterpart>> = {
  cockroach_allow_list: {
    of: "AllowlistEntry",
    arguments: {
      ...inCluster,
      ...{ cidr_ip: "cidrIp", cidr_mask: "cidrMask", name: "name", sql: "sql", ui: "ui" },
    },
  },
  cockroach_api_key: {
    of: "ApiKey",
    arguments: { name: "name", service_account_id: "serviceAccountId" },
  },
  cockroach_blackout_window: {
    of: "BlackoutWindow",
    arguments: { ...inCluster, start_time: "startTime", end_time: "endTime" },
  },
  cockroach_client_ca_cert: {
    of: "ClientCaCert",
    arguments: { ...ofCluster, x509_pem_cert: "x509PemCert" },
  },
  cockroach_cluster: {
    of: "Cluster",
    arguments: {
      name: "name",
      cloud_provider: "cloudProvider",
      plan: "plan",
      parent_id: "parentId",
      delete_protection: "deleteProtection",
      labels: "labels",
      cockroach_version: "dedicated.cockroachVersion",
      "regions.name": "serverless.regions",
      "regions.primary": "serverless.primaryRegion",
      "regions.node_count": "dedicated.regionNodes",
      "regions.machine_type": "dedicated.regionMachineSpecs",
      "regions.num_virtual_cpus": "dedicated.regionMachineSpecs",
      "serverless.spend_limit": none("Deprecated: usageLimits has the limits in units."),
      "serverless.usage_limits.request_unit_limit": "serverless.usageLimits.requestUnitLimit",
      "serverless.usage_limits.storage_mib_limit": "serverless.usageLimits.storageMibLimit",
      "serverless.usage_limits.provisioned_virtual_cpus":
        "serverless.usageLimits.provisionedVirtualCpus",
      "serverless.upgrade_type": "serverless.upgradeType",
      "serverless.with_empty_ip_allowlist": "serverless.withEmptyIpAllowlist",
      "dedicated.storage_gib": "dedicated.hardware.storageGib",
      "dedicated.disk_iops": "dedicated.hardware.diskIops",
      "dedicated.machine_type": "dedicated.hardware.machineSpec.machineType",
      "dedicated.num_virtual_cpus": "dedicated.hardware.machineSpec.numVirtualCpus",
      "dedicated.private_network_visibility": "dedicated.networkVisibility",
      "dedicated.cidr_range": "dedicated.cidrRange",
      "dedicated.supports_cluster_virtualization": "dedicated.supportsClusterVirtualization",
      "backup_config.enabled": "BackupConfiguration.enabled",
      "backup_config.retention_days": "BackupConfiguration.retentionDays",
      "backup_config.frequency_minutes": "BackupConfiguration.frequencyMinutes",
      "customer_cloud_account.aws.arn": "customerCloudAccount.aws.arn",
      "customer_cloud_account.gcp.service_account_email":
        "customerCloudAccount.gcp.serviceAccountEmail",
      "customer_cloud_account.azure.subscription_id": "customerCloudAccount.azure.subscriptionId",
      "customer_cloud_account.azure.tenant_id": "customerCloudAccount.azure.tenantId",
    },
  },
  cockroach_cmek: {
    of: "CmekConfig",
    arguments: {
      ...ofCluster,
      "regions.region": "regionSpecs.region",
      "regions.key.type": "regionSpecs.keySpec.type",
      "regions.key.uri": "regionSpecs.keySpec.uri",
      "regions.key.auth_principal": "regionSpecs.keySpec.authPrincipal",
      "additional_regions.name": "Cluster.dedicated.regionNodes",
      "additional_regions.node_count": "Cluster.dedicated.regionNodes",
      status: "revoked",
    },
  },
  cockroach_database: { of: "Database", arguments: { ...inCluster, name: "name" } },
  cockroach_egress_private_endpoint: {
    of: "EgressPrivateEndpoint",
    arguments: {
      ...inCluster,
      region: "region",
      target_service_identifier: "targetServiceIdentifier",
      target_service_type: "targetServiceType",
    },
  },
  cockroach_egress_private_endpoint_domain_names: {
    of: "EgressPrivateEndpointDomainNames",
    arguments: { ...inCluster, endpoint_id: "endpointId", domain_names: "domainNames" },
  },
  cockroach_egress_rule: {
    of: "EgressRule",
    arguments: {
      ...inCluster,
      ...{ name: "name", type: "type", destination: "destination", ports: "ports" },
      description: "description",
    },
  },
  cockroach_egress_traffic_policy: {
    of: "EgressTrafficPolicy",
    arguments: { ...ofCluster, allow_all: "allowAll" },
  },
  cockroach_finalize_version_upgrade: {
    of: "Cluster",
    arguments: {
      id: none("The cluster itself has the argument."),
      cockroach_version: "dedicated.finalizeUpgrade",
    },
  },
  cockroach_folder: {
    of: "Folder",
    arguments: { name: "name", parent_id: "parentId", labels: "labels" },
  },
  cockroach_jwt_issuer: {
    of: "JwtIssuer",
    arguments: {
      ...{ issuer_url: "issuerUrl", audience: "audience", jwks: "jwks", claim: "claim" },
      "identity_map.token_identity": "identityMap.tokenIdentity",
      "identity_map.cc_identity": "identityMap.ccIdentity",
    },
  },
  cockroach_log_export_config: {
    of: "LogExportConfig",
    arguments: {
      ...ofCluster,
      ...{ type: "type", log_name: "logName", auth_principal: "authPrincipal", region: "region" },
      redact: "redact",
      "groups.channels": "groups.channels",
      "groups.log_name": "groups.logName",
      "groups.min_level": "groups.minLevel",
      "groups.redact": "groups.redact",
      omitted_channels: "omittedChannels",
      aws_external_id: "awsExternalId",
    },
  },
  cockroach_maintenance_window: {
    of: "MaintenanceWindow",
    arguments: {
      ...ofCluster,
      offset_duration: "offsetDuration",
      window_duration: "windowDuration",
    },
  },
  cockroach_metric_export_cloudwatch_config: {
    of: "MetricExportCloudwatchConfig",
    arguments: {
      ...ofCluster,
      ...{ role_arn: "roleArn", external_id: "externalId", log_group_name: "logGroupName" },
      target_region: "targetRegion",
    },
  },
  cockroach_metric_export_datadog_config: {
    of: "MetricExportDatadogConfig",
    arguments: { ...ofCluster, site: "site", api_key: "apiKey" },
  },
  cockroach_metric_export_prometheus_config: {
    of: "MetricExportPrometheusConfig",
    arguments: ofCluster,
  },
  cockroach_physical_replication_stream: {
    of: "PhysicalReplicationStream",
    arguments: {
      primary_cluster_id: "primaryClusterId",
      standby_cluster_id: "standbyClusterId",
      failover_at: "failoverAt",
      failover_immediately: "failoverImmediately",
    },
  },
  cockroach_private_endpoint_connection: {
    of: "PrivateEndpointConnection",
    arguments: { ...inCluster, endpoint_id: "endpointId" },
  },
  cockroach_private_endpoint_services: { of: "PrivateEndpointServices", arguments: inCluster },
  cockroach_private_endpoint_trusted_owner: {
    of: "PrivateEndpointTrustedOwner",
    arguments: {
      ...inCluster,
      external_owner_id: "externalOwnerId",
      type: none("The API has the one type AWS_ACCOUNT_ID."),
    },
  },
  cockroach_restore: {
    of: "Restore",
    arguments: {
      destination_cluster_id: "destinationClusterId",
      ...{ type: "type", backup_id: "backupId", source_cluster_id: "sourceClusterId" },
      ...under({ database: "database", schema: "schema", tables: "table" }, "objects", "objects"),
      ...under(
        {
          into_db: "intoDb",
          new_db_name: "newDbName",
          schema_only: "schemaOnly",
          skip_localities_check: "skipLocalitiesCheck",
          skip_missing_foreign_keys: "skipMissingForeignKeys",
          skip_missing_sequences: "skipMissingSequences",
          skip_missing_views: "skipMissingViews",
        },
        "restoreOptions",
        "restore_opts",
      ),
    },
  },
  cockroach_service_account: {
    of: "ServiceAccount",
    arguments: { name: "name", description: "description" },
  },
  cockroach_sql_user: {
    of: "SqlUser",
    arguments: { ...inCluster, name: "name", password: "password" },
  },
  cockroach_user_role_grant: {
    of: "UserRoleGrant",
    arguments: { user_id: "userId", ...under(role, "role", "role") },
  },
  cockroach_user_role_grants: {
    of: "UserRoleGrants",
    arguments: { user_id: "userId", ...under(role, "roles", "roles") },
  },
  cockroach_version_deferral: {
    of: "VersionDeferral",
    arguments: { ...ofCluster, deferral_policy: "deferralPolicy" },
  },
};

export const terraformDataSources: Readonly<Record<string, Counterpart>> = {
  cockroach_backups: {
    of: "listBackups",
    arguments: {
      ...{ ...inCluster, start_time: "startTime", end_time: "endTime" },
      ...inOrder,
    },
  },
  cockroach_blackout_windows: {
    of: "listBlackoutWindows",
    arguments: { ...inCluster, ...inOrder, page: none("All pages are read.") },
  },
  cockroach_cluster: { of: "getCluster", arguments: { id: "id" } },
  cockroach_cluster_cert: { of: "getClusterCert", arguments: ofCluster },
  cockroach_connection_string: {
    of: "getConnectionString",
    arguments: {
      ...{ ...ofCluster, database: "database", os: "os", sql_user: "sqlUser" },
      password: none("connectionUrl of a SqlUser or a Cluster adds it, as a secret."),
    },
  },
  cockroach_folder: { of: "getFolder", arguments: { id: "id", path: "path" } },
  cockroach_organization: { of: "getOrganization", arguments: {} },
  cockroach_person_user: { of: "getPersonUser", arguments: { email: "email" } },
  cockroach_restores: {
    of: "listRestores",
    arguments: {
      ...{ ...inCluster, start_time: "startTime", end_time: "endTime" },
      ...inOrder,
    },
  },
};
