/**
 * The live page: {@link io.blipstream.app.web.page.CardDesk} makes cards of what passes by, {@link
 * io.blipstream.app.web.page.EventStream} brings them to the browsers. What the browser runs is in
 * the resources of this package, as it is written: nothing builds it.
 */
package io.blipstream.app.web.page;
