package org.ulmfit;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** Version of the jar and of what it stands on, as the build wrote them down. */
public final class Version {

  private static final Properties BUILD = read();

  /** For example {@code 0.1.0}. */
  public static String version() {
    return BUILD.getProperty("version");
  }

  /**
   * Commit the jar was built from, with {@code -dirty} if the tree held uncommitted changes; {@code
   * unknown} if it was built outside a git checkout.
   */
  public static String commit() {
    return commit(BUILD.getProperty("commit"), BUILD.getProperty("dirty"));
  }

  /** Outside a git checkout the build leaves its placeholders standing. */
  static String commit(String id, String dirty) {
    if (id.isEmpty() || id.startsWith("$")) {
      return "unknown";
    }
    return dirty.equals("true") ? id + "-dirty" : id;
  }

  /** Version of DJL. */
  public static String djl() {
    return BUILD.getProperty("djl");
  }

  /** Version of libtorch. */
  public static String libtorch() {
    return BUILD.getProperty("libtorch");
  }

  private static Properties read() {
    Properties properties = new Properties();
    try (InputStream in = Version.class.getResourceAsStream("version.properties")) {
      properties.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return properties;
  }

  private Version() {}
}
