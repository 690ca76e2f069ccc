import { endings } from "./cluster-lifecycles";
import { campaign } from "./suite";

campaign("Clusters being replaced, read and deleted", endings, __filename);
