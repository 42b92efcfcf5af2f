package org.ulmfit;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringWriter;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** An example of Java from a text for people: imports, a blank line, statements. */
public final class Example {
  private Example() {}

  public static String quoted(Path path) {
    return '"' + path.toString().replace("\\", "\\\\") + '"';
  }

  /** Compiles it in a folder and runs it; what it printed. */
  public static String run(Path dir, String example) throws Exception {
    compile(dir, example);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PrintStream before = System.out;
    System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
    try (URLClassLoader loader = new URLClassLoader(new URL[] {dir.toUri().toURL()})) {
      loader.loadClass("Example").getMethod("run").invoke(null);
    } finally {
      System.setOut(before);
    }
    return out.toString(StandardCharsets.UTF_8);
  }

  public static void compile(Path dir, String example) throws IOException {
    String source =
        example.replaceFirst(
            "\n\n", "\npublic class Example {\n  public static void run() throws Exception {\n");
    Path file = Files.writeString(dir.resolve("Example.java"), source + "  }\n}\n");
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter messages = new StringWriter();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
      List<String> options = List.of("-proc:none", "-cp", System.getProperty("java.class.path"));
      boolean good =
          compiler
              .getTask(messages, files, null, options, null, files.getJavaFileObjects(file))
              .call();
      assertTrue(good, messages.toString());
    }
  }
}
