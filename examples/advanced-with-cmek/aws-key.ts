import * as pulumi from "@pulumi/pulumi";
import * as cockroachdb from "pulumi-cockroachdb-cloud";

/** A resource of the AWS provider that has an ARN. */
class AwsResource extends pulumi.CustomResource {
  declare readonly arn: pulumi.Output<string>;

  constructor(type: string, name: string, args: pulumi.Inputs) {
    super(type, name, { arn: undefined, ...args });
  }
}

/** A KMS key, and the role through which the account of an Advanced cluster may use it. */
export function awsKey(name: string, clusterAccountId: pulumi.Input<string>) {
  const organization = cockroachdb.getOrganizationOutput();
  const role = new AwsResource("aws:iam/role:Role", `${name}-cmek`, {
    assumeRolePolicy: pulumi.jsonStringify({
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Action: "sts:AssumeRole",
          Principal: { AWS: pulumi.interpolate`arn:aws:iam::${clusterAccountId}:root` },
          Condition: { StringEquals: { "sts:ExternalId": organization.id } },
        },
      ],
    }),
  });
  const ownAccount = role.arn.apply((arn) => arn.replace(/:role\/.*$/, ":root"));
  const key = new AwsResource("aws:kms/key:Key", `${name}-cmek`, {
    description: `Encrypts the CockroachDB Cloud cluster ${name}`,
    enableKeyRotation: true,
    policy: pulumi.jsonStringify({
      Version: "2012-10-17",
      Statement: [
        { Effect: "Allow", Action: "kms:*", Resource: "*", Principal: { AWS: ownAccount } },
        {
          Effect: "Allow",
          Action: [
            "kms:Encrypt",
            "kms:Decrypt",
            "kms:GenerateDataKey*",
            "kms:DescribeKey",
            "kms:ReEncrypt*",
          ],
          Resource: "*",
          Principal: { AWS: role.arn },
        },
      ],
    }),
  });
  return { arn: key.arn, roleArn: role.arn };
}
