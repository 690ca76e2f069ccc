// The catalogue of regions. Basic and Standard clusters run in a few of the regions only,
// none of them on Azure.

import type { CloudProvider } from "../cluster/wire";
import { invalidValue } from "../server/errors";

/** A region of a cloud. */
export interface CatalogueRegion {
  provider: CloudProvider;
  /** The cloud's own name, for example `us-east-1`. */
  name: string;
  /** A name for people, for example a city. */
  location: string;
  /** Miles from the caller, who sits in New York. */
  distance: number;
  /** Whether Basic and Standard clusters run there too. */
  isServerless: boolean;
}

// Provider, name, location, miles from New York, also for Basic and Standard.
const table: readonly (readonly [CloudProvider, string, string, number, boolean])[] = [
  ["AWS", "ap-east-1", "Hong Kong", 8050, false],
  ["AWS", "ap-southeast-3", "Jakarta", 10060, false],
  ["AWS", "ap-northeast-1", "Tokyo", 6740, false],
  ["AWS", "ap-northeast-2", "Seoul", 6870, false],
  ["AWS", "ap-northeast-3", "Osaka", 6920, false],
  ["AWS", "ap-south-1", "Mumbai", 7790, true],
  ["AWS", "ap-southeast-1", "Singapore", 9530, true],
  ["AWS", "ap-southeast-2", "Sydney", 9930, false],
  ["AWS", "me-south-1", "Bahrain", 6590, false],
  ["AWS", "il-central-1", "Tel Aviv", 5670, false],
  ["AWS", "me-central-1", "Dubai", 6840, false],
  ["AWS", "ca-west-1", "Calgary", 2020, false],
  ["AWS", "ca-central-1", "Montreal", 330, false],
  ["AWS", "us-east-1", "N. Virginia", 240, true],
  ["AWS", "us-east-2", "Ohio", 480, true],
  ["AWS", "us-west-2", "Oregon", 2430, true],
  ["AWS", "sa-east-1", "São Paulo", 4770, false],
  ["AWS", "eu-central-1", "Frankfurt", 3850, true],
  ["AWS", "eu-west-1", "Ireland", 3180, true],
  ["AWS", "eu-west-2", "London", 3460, true],
  ["AWS", "eu-south-1", "Milan", 4020, false],
  ["AWS", "eu-north-1", "Stockholm", 3920, false],
  ["AWS", "eu-west-3", "Paris", 3630, false],
  ["AZURE", "southafricanorth", "Johannesburg", 7970, false],
  ["AZURE", "australiaeast", "Sydney", 9930, false],
  ["AZURE", "japaneast", "Tokyo", 6740, false],
  ["AZURE", "koreacentral", "Seoul", 6870, false],
  ["AZURE", "centralindia", "Pune", 7840, false],
  ["AZURE", "eastasia", "Hong Kong", 8050, false],
  ["AZURE", "southeastasia", "Singapore", 9530, false],
  ["AZURE", "uaenorth", "Dubai", 6840, false],
  ["AZURE", "canadacentral", "Toronto", 340, false],
  ["AZURE", "centralus", "Iowa", 1020, false],
  ["AZURE", "eastus", "Virginia", 260, false],
  ["AZURE", "eastus2", "Virginia (2)", 300, false],
  ["AZURE", "southcentralus", "Texas", 1580, false],
  ["AZURE", "westus2", "Washington", 2410, false],
  ["AZURE", "westus3", "Phoenix", 2140, false],
  ["AZURE", "francecentral", "Paris", 3630, false],
  ["AZURE", "germanywestcentral", "Frankfurt", 3850, false],
  ["AZURE", "northeurope", "Dublin", 3180, false],
  ["AZURE", "norwayeast", "Oslo", 3670, false],
  ["AZURE", "polandcentral", "Warsaw", 4250, false],
  ["AZURE", "swedencentral", "Gävle", 3890, false],
  ["AZURE", "switzerlandnorth", "Zurich", 3930, false],
  ["AZURE", "uksouth", "London", 3460, false],
  ["AZURE", "westeurope", "Amsterdam", 3640, false],
  ["GCP", "asia-east1", "Taiwan", 7790, false],
  ["GCP", "asia-east2", "Hong Kong", 8050, false],
  ["GCP", "asia-northeast1", "Tokyo", 6740, false],
  ["GCP", "asia-northeast2", "Osaka", 6920, false],
  ["GCP", "asia-northeast3", "Seoul", 6870, false],
  ["GCP", "asia-south1", "Mumbai", 7790, false],
  ["GCP", "asia-south2", "Delhi", 7310, false],
  ["GCP", "asia-southeast1", "Singapore", 9530, true],
  ["GCP", "asia-southeast2", "Jakarta", 10060, false],
  ["GCP", "australia-southeast1", "Sydney", 9930, false],
  ["GCP", "australia-southeast2", "Melbourne", 10370, false],
  ["GCP", "me-central1", "Doha", 6700, false],
  ["GCP", "me-west1", "Tel Aviv", 5670, false],
  ["GCP", "northamerica-northeast1", "Montreal", 330, false],
  ["GCP", "northamerica-northeast2", "Toronto", 340, false],
  ["GCP", "us-central1", "Iowa", 1080, true],
  ["GCP", "us-east1", "South Carolina", 620, true],
  ["GCP", "us-east4", "N. Virginia", 240, false],
  ["GCP", "us-east5", "Columbus", 480, false],
  ["GCP", "us-south1", "Dallas", 1370, false],
  ["GCP", "us-west1", "Oregon", 2350, false],
  ["GCP", "us-west2", "Los Angeles", 2450, true],
  ["GCP", "us-west3", "Salt Lake City", 1970, false],
  ["GCP", "us-west4", "Las Vegas", 2230, false],
  ["GCP", "southamerica-east1", "São Paulo", 4770, false],
  ["GCP", "europe-central2", "Warsaw", 4250, false],
  ["GCP", "europe-north1", "Finland", 4100, false],
  ["GCP", "europe-southwest1", "Madrid", 3590, false],
  ["GCP", "europe-west1", "Belgium", 3680, true],
  ["GCP", "europe-west2", "London", 3460, true],
  ["GCP", "europe-west3", "Frankfurt", 3850, true],
  ["GCP", "europe-west4", "Netherlands", 3660, false],
  ["GCP", "europe-west6", "Zurich", 3930, false],
  ["GCP", "europe-west9", "Paris", 3630, false],
  ["GCP", "europe-west12", "Turin", 3960, false],
];

/** The regions of the service's documentation, June 2026. */
export const defaultRegions: readonly CatalogueRegion[] = table.map(
  ([provider, name, location, distance, isServerless]) => ({
    provider,
    name,
    location,
    distance,
    isServerless,
  }),
);

/** Checks that a cluster may use a region. @throws an invalid value, with the near miss where there is one. */
export function checkRegion(
  regions: readonly CatalogueRegion[],
  provider: CloudProvider,
  name: string,
  plan: "ADVANCED" | "BASIC" | "STANDARD",
): void {
  const own = regions.filter((region) => region.provider === provider);
  const region = own.find((candidate) => candidate.name === name);
  if (region === undefined) {
    const letters = (text: string) => text.toLowerCase().replace(/[^a-z0-9]/g, "");
    const near = own.find((candidate) => letters(candidate.name) === letters(name));
    const hint = near === undefined ? "" : `. Did you mean to use '${near.name}'`;
    throw invalidValue(`invalid region name '${name}' for ${provider}${hint}`);
  }
  if (plan !== "ADVANCED" && !region.isServerless) {
    throw invalidValue(`region '${name}' is not available for ${plan} clusters`);
  }
}
