import * as pulumi from "@pulumi/pulumi";

/** The network of the application. */
export interface Network {
  vpcId: pulumi.Input<string>;
  /** In the zones of the service, where traffic costs least. */
  subnetIds: pulumi.Input<pulumi.Input<string>[]>;
  /** They let the application in at TCP port 26257. */
  securityGroupIds: pulumi.Input<pulumi.Input<string>[]>;
}

/** `aws.ec2.VpcEndpoint` of `@pulumi/aws`. */
export class VpcEndpoint extends pulumi.CustomResource {
  constructor(name: string, args: Network & { serviceName: pulumi.Input<string> }) {
    super("aws:ec2/vpcEndpoint:VpcEndpoint", name, { ...args, vpcEndpointType: "Interface" });
  }
}

/** `aws.vpc.EndpointPrivateDns` of `@pulumi/aws`. */
export class EndpointPrivateDns extends pulumi.CustomResource {
  constructor(
    name: string,
    args: { vpcEndpointId: pulumi.Input<string>; privateDnsEnabled: boolean },
    options: pulumi.CustomResourceOptions,
  ) {
    super("aws:vpc/endpointPrivateDns:EndpointPrivateDns", name, args, options);
  }
}
