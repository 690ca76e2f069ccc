// The program of docs/languages.md in Java, compiled with the generated SDK. It needs a JDK, Maven, and packages of Maven Central.
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { programIn } from "../support/documents";
import { sharedFolder } from "../support/language-examples";
import { generateSdks, runToEnd } from "../support/sdks";

const pom = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>shop</groupId>
  <artifactId>shop</artifactId>
  <version>1</version>
  <dependencies>
    <dependency>
      <groupId>com.pulumi</groupId>
      <artifactId>pulumi</artifactId>
      <version>1.13.0</version>
    </dependency>
    <dependency>
      <groupId>com.google.code.findbugs</groupId>
      <artifactId>jsr305</artifactId>
      <version>3.0.2</version>
    </dependency>
  </dependencies>
</project>
`;

describe("The program in Java", function () {
  this.timeout(600_000);

  const folder = sharedFolder();
  before(() => generateSdks(folder));

  it("compiles with the generated SDK", () => {
    const libraries = join(folder, "libraries");
    writeFileSync(join(folder, "pom.xml"), pom);
    const copy = ["dependency:copy-dependencies", `-DoutputDirectory=${libraries}`];
    runToEnd("mvn", ["-q", "-B", ...copy], folder);
    mkdirSync(join(folder, "shop"));
    writeFileSync(join(folder, "shop", "App.java"), programIn("docs/languages.md", "java"));
    const sources = join(folder, "java", "src", "main", "java");
    const resources = join(folder, "java", "src", "main", "resources");
    const classpath = readdirSync(libraries).map((jar) => join(libraries, jar));
    runToEnd(
      "javac",
      [
        ...["-d", join(folder, "classes"), "-proc:none", "-nowarn"],
        ...["-classpath", [resources, ...classpath].join(delimiter)],
        ...["-sourcepath", sources, join(folder, "shop", "App.java")],
      ],
      folder,
    );
  });
});
