package io.blipstream.app.cli;

import io.blipstream.app.config.ServiceSettings;
import io.blipstream.app.source.FetchLimits;
import io.blipstream.app.source.LinkFetcher;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** What links in image events may reach. */
final class LinkOptions {

  @Option(
      names = "--allow-files",
      paramLabel = "DIR",
      split = ",",
      description =
          "Read file: links below this folder; may be repeated (default: file: links are refused).")
  private List<Path> folders = new ArrayList<>();

  @Option(
      names = "--allow-private-addresses",
      description =
          "Read links to hosts with private and loopback addresses: whoever may write image events"
              + " can then make this process ask hosts of your network (default: refused).")
  private boolean allowPrivate;

  @Option(
      names = "--fetch-max-bytes",
      paramLabel = "N",
      defaultValue = "16777216",
      description = "Largest image that is read from a link (default: ${DEFAULT-VALUE}).")
  private int maxBytes;

  @Option(
      names = "--fetch-redirects",
      paramLabel = "N",
      defaultValue = "5",
      description =
          "Redirects that are followed, each checked like a link (default: ${DEFAULT-VALUE}).")
  private int redirects;

  LinkFetcher fetcher(ServiceSettings settings) {
    try {
      return new LinkFetcher(
          new FetchLimits(
              settings.fetchTimeout(),
              settings.fetchConnectTimeout(),
              maxBytes,
              redirects,
              FetchLimits.DEFAULT.retries(),
              settings.fetchPerHost()),
          allowPrivate,
          folders);
    } catch (IOException | IllegalArgumentException e) {
      throw new CommandFailure(ExitStatus.WRONG_USE, e.getMessage(), e);
    }
  }
}
