package org.ulmfit.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.ulmfit.Shown;

/**
 * Parts of a page that needs nothing but itself: no script, no font, no picture from elsewhere.
 * What comes from data is escaped here and nowhere else.
 */
public final class Html {
  private static final String STYLE = resource("page.css");

  private Html() {}

  private static String resource(String name) {
    try (InputStream file = Objects.requireNonNull(Html.class.getResourceAsStream(name))) {
      return new String(file.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Text as it is read, line ends among it; what a reader cannot see is written out. */
  public static String text(String text) {
    return Arrays.stream(text.split("\r?\n", -1))
        .map(line -> entities(Shown.escaped(line)))
        .collect(Collectors.joining("\n"));
  }

  private static String entities(String text) {
    StringBuilder escaped = new StringBuilder(text.length() + 16);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '&' -> escaped.append("&amp;");
        case '<' -> escaped.append("&lt;");
        case '>' -> escaped.append("&gt;");
        case '"' -> escaped.append("&quot;");
        case '\'' -> escaped.append("&#39;");
        default -> escaped.append(c);
      }
    }
    return escaped.toString();
  }

  /**
   * A whole page.
   *
   * @param title plain text
   * @param body what stands in main, in HTML
   */
  public static String page(String title, String body) {
    return Shown.format(
        """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
        <meta name="color-scheme" content="light dark">
        <title>%s</title>
        <style>
        %s</style>
        </head>
        <body>
        <main>
        <h1>%s</h1>
        %s
        </main>
        </body>
        </html>
        """,
        text(title), STYLE, text(title), body);
  }

  /**
   * A section with its heading.
   *
   * @param heading plain text
   * @param content HTML
   */
  public static String section(String heading, String content) {
    return "<section>\n<h2>" + text(heading) + "</h2>\n" + content + "\n</section>\n";
  }

  /** A paragraph of plain text. */
  public static String paragraph(String plain) {
    return "<p>" + text(plain) + "</p>\n";
  }

  /**
   * A table of plain text, which scrolls by itself where it is wider than the page.
   *
   * @param caption plain text
   * @param head names of the columns
   * @param rows cells; the first of each is its heading
   */
  public static String table(String caption, List<String> head, List<List<String>> rows) {
    return table(caption, head, rows, (row, column) -> "");
  }

  /** How much of the colour of hits a cell has, 0 to 1; rows and columns from 0. */
  interface Shade {
    double of(int row, int column);
  }

  /**
   * The same with shaded cells.
   *
   * @param shade of all cells but the first of each row
   */
  static String shaded(String caption, List<String> head, List<List<String>> rows, Shade shade) {
    return table(
        caption,
        head,
        rows,
        (row, column) ->
            Shown.format(
                " class=\"cell\" style=\"background:rgba(var(--hit),%.3f)\"",
                shade.of(row, column)));
  }

  /** What stands in the tag of a cell. */
  private interface Attributes {
    String of(int row, int column);
  }

  private static String table(
      String caption, List<String> head, List<List<String>> rows, Attributes attributes) {
    StringBuilder html = new StringBuilder();
    html.append("<div class=\"wide\" role=\"region\" tabindex=\"0\" aria-label=\"");
    html.append(text(caption)).append("\">\n<table>\n<caption>").append(text(caption));
    html.append("</caption>\n<thead><tr>");
    head.forEach(name -> html.append("<th scope=\"col\">").append(text(name)).append("</th>"));
    html.append("</tr></thead>\n<tbody>\n");
    for (int r = 0; r < rows.size(); r++) {
      List<String> row = rows.get(r);
      html.append("<tr><th scope=\"row\">").append(text(row.get(0))).append("</th>");
      for (int c = 1; c < row.size(); c++) {
        html.append("<td").append(attributes.of(r, c)).append('>');
        html.append(text(row.get(c))).append("</td>");
      }
      html.append("</tr>\n");
    }
    return html.append("</tbody>\n</table>\n</div>\n").toString();
  }

  /**
   * A table of two columns of plain text: what, and what it is.
   *
   * @param rows two cells each
   */
  public static String facts(String caption, List<List<String>> rows) {
    return table(caption, List.of("what", "value"), rows)
        .replace("<table>", "<table class=\"text\">");
  }

  /** Lines of plain text, one below the other. */
  public static String list(List<String> lines) {
    StringBuilder html = new StringBuilder("<ul>\n");
    lines.forEach(line -> html.append("<li>").append(text(line)).append("</li>\n"));
    return html.append("</ul>\n").toString();
  }

  /** Plain text as a program reads it: commands, a file. */
  public static String code(String plain) {
    return "<pre>" + text(plain) + "</pre>\n";
  }

  /** Something that is folded away until it is asked for. */
  public static String folded(String summary, String content) {
    return "<details>\n<summary>" + text(summary) + "</summary>\n" + content + "</details>\n";
  }
}
