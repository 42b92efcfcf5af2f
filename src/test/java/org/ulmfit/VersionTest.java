package org.ulmfit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class VersionTest {

  @Test
  void versionsAreThoseOfTheBuild() throws Exception {
    String pom = Files.readString(Path.of("pom.xml"));
    assertTrue(pom.contains("<artifactId>ulmfit</artifactId>\n  <version>" + Version.version()));
    assertTrue(pom.contains("<djl.version>" + Version.djl() + "<"));
    assertTrue(pom.contains("<libtorch.version>" + Version.libtorch() + "<"));
    assertTrue(
        Files.readString(Path.of("CHANGELOG.md")).contains("\n## " + Version.version() + " "));
  }

  @Test
  void theCommitIsAnAbbreviationOrUnknown() {
    assertTrue(Version.commit().matches("unknown|[0-9a-f]{7,40}(-dirty)?"), Version.commit());
    assertEquals("unknown", Version.commit("${git.commit.id.abbrev}", "${git.dirty}"));
    assertEquals("0123abc-dirty", Version.commit("0123abc", "true"));
    assertEquals("0123abc", Version.commit("0123abc", "false"));
  }
}
