package org.ulmfit.serve;

import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import org.ulmfit.corpus.JsonText;

/** Errors of HTTP itself in the form of all others: a line of JSON. */
final class JsonErrors extends ErrorHandler {
  static final HttpField JSON = new HttpField(HttpHeader.CONTENT_TYPE, "application/json");

  /** {@code {"error": "..."}}. */
  static String line(String why) {
    return "{\"error\":" + JsonText.quote(why) + "}\n";
  }

  @Override
  protected void generateResponse(
      Request request,
      Response response,
      int code,
      @Nullable String message,
      @Nullable Throwable cause,
      Callback callback) {
    response.getHeaders().put(JSON);
    Content.Sink.write(response, true, line(HttpStatus.getMessage(code)), callback);
  }

  @Override
  public boolean errorPageForMethod(String method) {
    return true;
  }
}
